// A line that counts what is done: it moves on a terminal, and is silent elsewhere.

import type { Console } from '../console.ts'

/** Milliseconds between two looks of the line. */
const PAUSE = 80

export interface Counter {
  readonly take: (done: number, count: number) => void
  readonly done: () => void
}

export function createCounter(what: string, { isTerminal, stderr }: Console): Counter {
  let drawnAt = 0
  return {
    take(done, count) {
      const now = performance.now()
      if (!isTerminal || now - drawnAt < PAUSE) return
      drawnAt = now
      stderr.write(`\r\u001b[K  ${done} of ${count} ${what}`)
    },
    done() {
      if (isTerminal) stderr.write('\r\u001b[K')
    },
  }
}
