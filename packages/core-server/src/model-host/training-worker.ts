// Trains in a thread of its own, so that conversations go on meanwhile. It is told a project and says how it ended.

import { parentPort, workerData } from 'node:worker_threads'
import { readProject, trainModel } from '@tabula/model'
import { CodedError, formatProblem, ProjectError } from '@tabula/protocol'
import type { TrainingJob, TrainingOutcome } from './trainer.ts'

async function train({ root, file, out, cache, force, augmentation }: TrainingJob): Promise<TrainingOutcome> {
  try {
    const project = await readProject({ root, config: file, domain: file, data: file })
    const trained = await trainModel(project, { out, cache, force, augmentation })
    return { file: trained.file }
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

parentPort?.postMessage(await train(workerData as TrainingJob))
