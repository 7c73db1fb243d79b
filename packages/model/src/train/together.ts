// Two pieces of work at the same time.

type Work<Result> = (signal: AbortSignal) => Promise<Result>

/**
 * Both results. Where one fails, the other is told to stop by its signal and waited for, and the failure is thrown that came
 * first; the outer signal stops both.
 */
export async function together<One, Other>(
  one: Work<One>,
  other: Work<Other>,
  outer?: AbortSignal,
): Promise<[One, Other]> {
  const failed = new AbortController()
  const signal = outer === undefined ? failed.signal : AbortSignal.any([outer, failed.signal])
  const orStop = async <Result>(work: Work<Result>): Promise<Result> => {
    try {
      return await work(signal)
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const both = [orStop(one), orStop(other)] as const
  try {
    return await Promise.all(both)
  } finally {
    await Promise.allSettled(both)
  }
}
