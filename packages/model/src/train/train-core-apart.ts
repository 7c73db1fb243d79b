// Trains policies in threads of their own, so that the pipeline and policies that learn are trained at the same time.

import { getCompileCacheDir } from 'node:module'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { isLearned } from '@tabula/dialogue'
import type { SavedPart } from '@tabula/ml'
import { CodedError, type Problem, ProjectError } from '@tabula/protocol'
import { together } from './together.ts'
import type { CoreListeners, CoreProgress, CoreTraining } from './train-core.ts'

export interface CoreJob {
  readonly training: CoreTraining
  /** Whether compiled code is kept on disk in this process. */
  readonly isCompileCached: boolean
}

export type CoreMessage =
  | { readonly kind: 'progress'; readonly progress: CoreProgress }
  | { readonly kind: 'warning'; readonly problem: Problem }
  | { readonly kind: 'trained'; readonly parts: readonly (SavedPart | undefined)[] }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'failed'
      readonly code: string
      readonly message: string
      readonly status: number
      readonly details: Readonly<Record<string, unknown>>
    }

/** As trainCore, in at most so many threads. They know no classes of a project's own. */
export async function trainCoreApart(
  training: CoreTraining,
  listeners: CoreListeners,
  threads: number,
): Promise<(SavedPart | undefined)[]> {
  const { signal, ...rest } = listeners
  const shares = shareOut(training, threads).map(
    only => (stop: AbortSignal) => trainInThread({ ...training, only }, { ...rest, signal: stop }),
  )
  const trained = await together(shares, signal)
  return training.policies.map((_, index) =>
    trained.map(parts => parts[index]).find(part => part !== undefined),
  )
}

/** Places of policies by thread: those that learn on their own, as long as there are threads, the others with the first. */
function shareOut({ policies, reuse }: CoreTraining, threads: number): readonly (readonly number[])[] {
  const shares: number[][] = [[]]
  let learning = 0
  for (const [index, { name }] of policies.entries()) {
    const isLearning = isLearned(name) && reuse[index] === undefined
    if (isLearning) learning += 1
    const share = isLearning ? Math.min(learning, threads) - 1 : 0
    shares[share] = [...(shares[share] ?? []), index]
  }
  return shares
}

async function trainInThread(
  training: CoreTraining,
  { onProgress, warn, signal }: CoreListeners,
): Promise<readonly (SavedPart | undefined)[]> {
  signal?.throwIfAborted()
  // Beside this file, as TypeScript or, once built, as JavaScript.
  const script = new URL(`./core-worker${extname(import.meta.url)}`, import.meta.url)
  const job: CoreJob = { training, isCompileCached: getCompileCacheDir() !== undefined }
  const worker = new Worker(script, { workerData: job })
  const { promise, resolve, reject } = Promise.withResolvers<readonly (SavedPart | undefined)[]>()
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
