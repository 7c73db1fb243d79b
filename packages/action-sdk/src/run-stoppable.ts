// Runs an action so that its caller need not wait for its end.

import type { ActionContext } from './action.ts'

/**
 * The work's result, or the error that stopped the waiting for it; the context's signal then tells the work. `arm` is handed
 * what stops, and returns what it wants done at the end.
 */
export function runStoppable<T>(
  work: (context: ActionContext) => Promise<T>,
  arm: (stop: (error: Error) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const context = new StoppableContext()
    const disarm = arm(error => {
      disarm()
      context.stop(error)
      reject(error)
    })
    work(context).then(
      result => {
        disarm()
        resolve(result)
      },
      (error: unknown) => {
        disarm()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

/** Most actions never look at their signal, which costs more than they do. */
class StoppableContext implements ActionContext {
  #controller: AbortController | null = null
  #error: Error | null = null

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.#error !== null) this.#controller.abort(this.#error)
    }
    return this.#controller.signal
  }

  stop(error: Error): void {
    this.#error = error
    this.#controller?.abort(error)
  }
}
