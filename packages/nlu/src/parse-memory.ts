// What a pipeline said of short texts: people say "hello", "yes" and "no" again and again, and a model says the same each time.

import type { ParseData } from '@tabula/protocol'

/** Texts that are remembered, and how long each may be, in UTF-16 units: some megabytes with long rankings. */
const TEXTS = 1000
const LONGEST = 100

/** Components whose answer depends on nothing but text and model: not on the clock as Duckling's, nor on a project's own code. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'WhitespaceTokenizer',
  'JiebaTokenizer',
  'RegexFeaturizer',
  'LexicalSyntacticFeaturizer',
  'CountVectorsFeaturizer',
  'SentenceVectorFeaturizer',
  'DIETClassifier',
  'LogisticRegressionClassifier',
  'SklearnIntentClassifier',
  'KeywordIntentClassifier',
  'FallbackClassifier',
  'CRFEntityExtractor',
  'RegexEntityExtractor',
  'EntitySynonymMapper',
  'ResponseSelector',
])

/** Whether a pipeline of components of these names says the same of the same text, whenever it is asked. */
export function isRepeatable(names: readonly string[]): boolean {
  return names.every(name => REPEATABLE.has(name))
}

/** The latest texts with what was made of them. Everybody who asks gets the same, which nobody can change. */
export class ParseMemory {
  /** Longest unused first. */
  readonly #parsed = new Map<string, ParseData>()

  recall(text: string): ParseData | null {
    const known = this.#parsed.get(text)
    if (known === undefined) return null
    this.#parsed.delete(text)
    this.#parsed.set(text, known)
    return known
  }

  keep(text: string, parsed: ParseData): void {
    if (text.length > LONGEST) return
    this.#parsed.set(text, frozenCopy(parsed))
    if (this.#parsed.size <= TEXTS) return
    for (const [oldest] of this.#parsed) {
      this.#parsed.delete(oldest)
      break
    }
  }
}

/** A copy of JSON that stays as it is, whatever its keys are called. */
function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as Value
  const entries = Object.entries(value).map(([key, each]) => [key, frozenCopy(each)] as const)
  return Object.freeze(Object.fromEntries(entries)) as Value
}
