// The time of events: the wall clock's, yet each later than the one before, in Rasa's microseconds.

/** Gives seconds since 1970, never the same twice and never falling, whatever the wall clock does. */
export function createClock(wall: () => number = Date.now): () => number {
  let last = 0
  return () => {
    last = Math.max(wall() * 1000, last + 1)
    return last / 1_000_000
  }
}
