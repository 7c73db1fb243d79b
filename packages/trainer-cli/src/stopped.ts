// A person pressed Ctrl-C, or the system asked the process to end.

/** Milliseconds after a stop in which whatever still holds the process is let go of. */
const LINGER = 2_000

/** Thrown through a command that was stopped; ends the process with the status that shells know for it. */
export class Stopped extends Error {
  readonly status: number

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`)
    this.name = 'Stopped'
    this.status = signal === 'SIGINT' ? 130 : 143
  }
}

/** Runs the work with a signal that aborts on Ctrl-C; the abort ends in Stopped. A second Ctrl-C ends the process at once. */
export async function untilStopped<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  const stop = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (controller.signal.aborted) process.exit(new Stopped(signal).status)
    controller.abort(new Stopped(signal))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** Resolves with the first SIGINT or SIGTERM; the next one ends the process at once. */
export function stopSignal(): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise(resolve => {
    let asked = false
    const stop = (signal: 'SIGINT' | 'SIGTERM'): void => {
      if (asked) process.exit(new Stopped(signal).status)
      asked = true
      resolve(signal)
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

/** Ends the process with 0 a moment after everything is stopped, whatever still holds it. */
export function endSoon(): void {
  setTimeout(() => process.exit(0), LINGER).unref()
}
