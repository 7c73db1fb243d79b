// Waiting that ends with its signal.

/** The result, or the error as soon as the signal is aborted; the work's own end is then of no use to anybody. */
export async function untilAborted<T>(
  running: Promise<T>,
  signal: AbortSignal,
  createError: () => Error,
): Promise<T> {
  const ended = new AbortController()
  const aborted = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      reject(createError())
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { signal: ended.signal })
  })
  try {
    return await Promise.race([running, aborted])
  } finally {
    ended.abort()
    running.catch(() => undefined)
  }
}
