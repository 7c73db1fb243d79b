// Pieces of work at the same time.

type Work<Result> = (signal: AbortSignal) => Promise<Result>

/**
 * All results. Where one fails, the others are told to stop by their signal and waited for, and the failure is thrown that
 * came first; the outer signal stops all.
 */
export async function together<Results extends readonly unknown[]>(
  works: { readonly [Place in keyof Results]: Work<Results[Place]> },
  outer?: AbortSignal,
): Promise<Results> {
  const failed = new AbortController()
  const signal = outer === undefined ? failed.signal : AbortSignal.any([outer, failed.signal])
  const orStop = async (work: Work<unknown>): Promise<unknown> => {
    try {
      return await work(signal)
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const all = (works as readonly Work<unknown>[]).map(orStop)
  try {
    return (await Promise.all(all)) as unknown as Results
  } finally {
    await Promise.allSettled(all)
  }
}
