// Trains models that requests ask for, one after another, each in a thread of its own.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CodedError } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'

/** What the thread is told. */
export interface TrainingJob {
  readonly root: string
  /** One file that holds config, domain and training data. */
  readonly file: string
  readonly out: string
  readonly cache: string
  readonly force: boolean
  readonly augmentation: number
}

export type TrainingOutcome =
  { readonly file: string } | { readonly code: string; readonly message: string; readonly status: number }

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
  async train(yaml: string, options: TrainingOptions): Promise<TrainedArchive> {
    if (this.#active >= LIMITS.trainings) {
      throw new CodedError('training.busy', `${this.#active} trainings are under way or wait already.`, {
        status: 429,
        details: { retryAfter: 10 },
      })
    }
    this.#active += 1
    const turn = this.#last.then(() => this.#train(yaml, options))
    this.#last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#active -= 1
    }
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.terminate()
  }

  async #train(yaml: string, { isKept, force, augmentation }: TrainingOptions): Promise<TrainedArchive> {
    const root = await mkdtemp(join(tmpdir(), 'tabula-training-'))
    try {
      const file = 'data.yml'
      await writeFile(join(root, file), yaml)
      const out = isKept ? this.#models : join(root, 'models')
      const cache = join(dirname(this.#models), '.tabula', 'cache')
      const outcome = await this.#run({ root, file, out, cache, force, augmentation })
      if ('code' in outcome) {
        throw new CodedError(outcome.code, outcome.message, { status: outcome.status })
      }
      return { name: basename(outcome.file), bytes: await readFile(outcome.file) }
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  }

  async #run(job: TrainingJob): Promise<TrainingOutcome> {
    // Beside this file, as TypeScript or, once built, as JavaScript.
    const script = new URL(`./training-worker${extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(script, { workerData: job })
    this.#workers.add(worker)
    try {
      return await new Promise((done, fail) => {
        worker.once('message', (outcome: TrainingOutcome) => {
          done(outcome)
        })
        worker.once('error', fail)
        worker.once('exit', status => {
          fail(new Error(`The training ended with status ${status}.`))
        })
      })
    } finally {
      this.#workers.delete(worker)
      await worker.terminate()
    }
  }
}
