// Trains and tests models that requests ask for, one after another, each in a thread of its own.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CodedError } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import type { TestResult } from './test-results.ts'

/** What is to be done with a file of the request: of a test, with the archive of a model. */
export type Test =
  | { readonly kind: 'stories'; readonly model: string; readonly endToEnd: boolean }
  | { readonly kind: 'intents'; readonly model: string }
  | { readonly kind: 'folds'; readonly folds: number }

interface Training {
  readonly kind: 'train'
  readonly out: string
  readonly cache: string
  readonly force: boolean
  readonly augmentation: number
}

/** What the thread is told: the file holds all of config, domain and training data that there is. */
export type ModelJob = (Test | Training) & { readonly root: string; readonly file: string }

export type JobOutcome =
  | { readonly file: string }
  | { readonly result: TestResult }
  | { readonly code: string; readonly message: string; readonly status: number }

export interface TrainingOptions {
  /** Whether the model is kept in the folder of models; otherwise it is only given back. */
  readonly isKept: boolean
  readonly force: boolean
  readonly augmentation: number
}

export interface TrainedArchive {
  readonly name: string
  readonly bytes: Buffer
}

export class Trainer {
  readonly #models: string
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #active = 0
  readonly #workers = new Set<Worker>()

  /** `models` is the folder of models; what was trained before is reused from `.tabula/cache` beside it. */
  constructor(models: string) {
    this.#models = resolve(models)
  }

  /** Trainings under way and waiting. */
  get active(): number {
    return this.#active
  }

  /** The archive of a project that is one YAML text. Throws CodedError: what is wrong with it, or 429 where too many wait. */
  async train(yaml: string, { isKept, force, augmentation }: TrainingOptions): Promise<TrainedArchive> {
    this.#active += 1
    try {
      return await this.#inTurn(yaml, 'data.yml', async root => {
        const out = isKept ? this.#models : join(root, 'models')
        const cache = join(dirname(this.#models), '.tabula', 'cache')
        const job = { kind: 'train', root, file: 'data.yml', out, cache, force, augmentation } as const
        const outcome = await this.#run(job)
        if (!('file' in outcome)) throw new Error('The training gave no model.')
        return { name: basename(outcome.file), bytes: await readFile(outcome.file) }
      })
    } finally {
      this.#active -= 1
    }
  }

  /** What a test of this data finds, in Rasa's shape; the data's ending is .yml or .json. Throws as `train` does. */
  async test(data: string, ending: '.yml' | '.json', test: Test): Promise<TestResult> {
    const file = `data${ending}`
    return this.#inTurn(data, file, async root => {
      const outcome = await this.#run({ ...test, root, file })
      if (!('result' in outcome)) throw new Error('The test gave no result.')
      return outcome.result
    })
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.terminate()
  }

  /** Runs the work behind all earlier work, with the text as a file in a folder that is gone afterwards. */
  async #inTurn<Result>(
    text: string,
    file: string,
    work: (root: string) => Promise<Result>,
  ): Promise<Result> {
    if (this.#waiting >= LIMITS.trainings) {
      throw new CodedError('training.busy', `${this.#waiting} trainings and tests are under way or wait.`, {
        status: 429,
        details: { retryAfter: 10 },
      })
    }
    this.#waiting += 1
    const turn = this.#last.then(async () => {
      const root = await mkdtemp(join(tmpdir(), 'tabula-job-'))
      try {
        await writeFile(join(root, file), text)
        return await work(root)
      } finally {
        await rm(root, { recursive: true, force: true })
      }
    })
    this.#last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
    }
  }

  /** Throws the CodedError that the job ended with. */
  async #run(job: ModelJob): Promise<Exclude<JobOutcome, { code: string }>> {
    // Beside this file, as TypeScript or, once built, as JavaScript.
    const script = new URL(`./job-worker${extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(script, { workerData: job })
    this.#workers.add(worker)
    try {
      const outcome = await new Promise<JobOutcome>((done, fail) => {
        worker.once('message', done)
        worker.once('error', fail)
        worker.once('exit', status => {
          fail(new Error(`The job ended with status ${status}.`))
        })
      })
      if ('code' in outcome) throw new CodedError(outcome.code, outcome.message, { status: outcome.status })
      return outcome
    } finally {
      this.#workers.delete(worker)
      await worker.terminate()
    }
  }
}
