// The thread in which policies are trained while the pipeline is: it is told a training and says how it goes and ends.

import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { CodedError, ProjectError } from '@tabula/protocol'
import type { CoreJob, CoreMessage } from './train-core-apart.ts'

const { training, isCompileCached } = workerData as CoreJob
const tell = (message: CoreMessage): void => {
  parentPort?.postMessage(message)
}
// A thread does not have its process's cache by itself; what it is for is loaded after it.
if (isCompileCached) enableCompileCache()
const { trainCore } = await import('./train-core.ts')
try {
  const parts = await trainCore(training, {
    onProgress: progress => {
      tell({ kind: 'progress', progress })
    },
    warn: problem => {
      tell({ kind: 'warning', problem })
    },
  })
  tell({ kind: 'trained', parts })
} catch (error) {
  if (error instanceof ProjectError) tell({ kind: 'refused', problems: error.problems })
  else if (error instanceof CodedError) {
    const { code, message, status, details } = error
    tell({ kind: 'failed', code, message, status, details })
  } else throw error
}
