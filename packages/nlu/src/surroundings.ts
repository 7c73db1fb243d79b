// What components take of the process that they run in; its composition root says it, once.

import type { Problem } from '@tabula/protocol'

export interface Surroundings {
  /** Rasa's RASA_DUCKLING_HTTP_URL: goes before the `url` of the config. */
  readonly ducklingUrl: string | null
  /** Takes complaints about single messages; by default they become warnings of the process, each once. */
  readonly warn: (problem: Problem) => void
}

const said = new Set<string>()

let current: Surroundings = {
  ducklingUrl: null,
  warn: ({ code, message, hint }) => {
    if (said.has(message) || said.size > 1000) return
    said.add(message)
    process.emitWarning(hint === undefined ? message : `${message} ${hint}`, { code })
  },
}

/** Changes what is given; the rest stays as it was. */
export function setSurroundings(changes: Partial<Surroundings>): void {
  current = { ...current, ...changes }
}

export function surroundings(): Surroundings {
  return current
}
