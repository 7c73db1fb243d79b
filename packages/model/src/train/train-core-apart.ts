// Trains policies in a thread of their own, so that the pipeline can be trained at the same time.

import { getCompileCacheDir } from 'node:module'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SavedPart } from '@tabula/ml'
import { CodedError, type Problem, ProjectError } from '@tabula/protocol'
import type { CoreListeners, CoreProgress, CoreTraining } from './train-core.ts'

export interface CoreJob {
  readonly training: CoreTraining
  /** Whether compiled code is kept on disk in this process. */
  readonly isCompileCached: boolean
}

export type CoreMessage =
  | { readonly kind: 'progress'; readonly progress: CoreProgress }
  | { readonly kind: 'warning'; readonly problem: Problem }
  | { readonly kind: 'trained'; readonly parts: SavedPart[] }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'failed'
      readonly code: string
      readonly message: string
      readonly status: number
      readonly details: Readonly<Record<string, unknown>>
    }

/** As trainCore. The thread knows no classes of a project's own. */
export async function trainCoreApart(
  training: CoreTraining,
  { onProgress, warn, signal }: CoreListeners,
): Promise<SavedPart[]> {
  signal?.throwIfAborted()
  // Beside this file, as TypeScript or, once built, as JavaScript.
  const script = new URL(`./core-worker${extname(import.meta.url)}`, import.meta.url)
  const job: CoreJob = { training, isCompileCached: getCompileCacheDir() !== undefined }
  const worker = new Worker(script, { workerData: job })
  const { promise, resolve, reject } = Promise.withResolvers<SavedPart[]>()
  const stop = (): void => {
    reject(signal?.reason as Error)
  }
  signal?.addEventListener('abort', stop)
  worker.on('message', (message: CoreMessage) => {
    if (message.kind === 'progress') onProgress(message.progress)
    else if (message.kind === 'warning') warn(message.problem)
    else if (message.kind === 'trained') resolve(message.parts)
    else if (message.kind === 'refused') reject(new ProjectError(message.problems))
    else reject(new CodedError(message.code, message.message, message))
  })
  worker.once('error', reject)
  worker.once('exit', status => {
    reject(new Error(`The training of dialogue ended with status ${status}.`))
  })
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
