// Waits of tests for what happens beside them.

const WITHIN = 10_000

/** Resolves once it is so, or after ten seconds: what is asserted then says what is missing. */
export async function until(isDone: () => boolean): Promise<void> {
  const end = Date.now() + WITHIN
  while (!isDone() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 2))
}
