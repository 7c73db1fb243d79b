// Trains and tests models in a thread of its own, so that conversations go on meanwhile. It is told a job and says how it
// ended.

import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import {
  crossValidate,
  evaluateNlu,
  evaluateStories,
  loadModel,
  readDataFiles,
  readProject,
  readSettings,
  storyReport,
  trainModel,
} from '@tabula/model'
import type { DataFiles, Model } from '@tabula/model'
import { CodedError, formatProblem, ProjectError } from '@tabula/protocol'
import { foldsResult, intentsResult, storiesResult } from './test-results.ts'
import type { JobOutcome, ModelJob } from './trainer.ts'

async function run(job: ModelJob): Promise<JobOutcome> {
  const { root, file } = job
  switch (job.kind) {
    case 'train': {
      const project = await readProject({ root, config: file, domain: file, data: file })
      const { out, cache, force, augmentation } = job
      return { file: (await trainModel(project, { out, cache, force, augmentation })).file }
    }
    case 'stories': {
      const { domain, ensemble, pipeline } = await loadModel(job.model)
      if (ensemble === null) throw lacks('dialogue')
      const { stories } = await readData(job)
      const { endToEnd } = job
      const played = await evaluateStories(stories, { domain, ensemble, pipeline }, { endToEnd })
      return { result: storiesResult(played, storyReport(played), endToEnd) }
    }
    case 'intents': {
      const pipeline = understandingOf(await loadModel(job.model))
      const { nlu } = await readData(job)
      return { result: intentsResult(await evaluateNlu(pipeline, nlu.examples), nlu.examples) }
    }
    case 'folds': {
      const { config, nlu } = await readProject({ root, config: file, domain: file, data: file })
      return { result: foldsResult(await crossValidate(config, nlu, { folds: job.folds })) }
    }
  }
}

/** Throws CodedError where there is nothing to read because the text is no map, such as a word: readers pass over that. */
async function readData({ root, file }: ModelJob): Promise<DataFiles> {
  const data = await readDataFiles({ root, data: [file] })
  if (data.stories.length === 0 && data.nlu.examples.length === 0) {
    await readSettings(join(root, file), {}).catch(() => {
      throw new CodedError('project.invalid', 'The body should be YAML with `nlu:` or `stories:` in it.', {
        status: 400,
      })
    })
  }
  return data
}

function understandingOf({ pipeline }: Model): NonNullable<Model['pipeline']> {
  if (pipeline === null) throw lacks('understanding')
  return pipeline
}

function lacks(what: string): CodedError {
  return new CodedError('test.model', `The model has no ${what} to be tested.`, { status: 409 })
}

async function finish(job: ModelJob): Promise<JobOutcome> {
  try {
    return await run(job)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { code: error.code, message: messageOf(error), status: error.status }
  }
}

/** One file is read as config, domain and data, so what is wrong in it is found three times; warnings belong to none. */
function messageOf(error: CodedError): string {
  if (!(error instanceof ProjectError)) return error.message
  const errors = error.problems.filter(problem => problem.severity === 'error').map(formatProblem)
  return [...new Set(errors)].join('\n')
}

parentPort?.postMessage(await finish(workerData as ModelJob))
