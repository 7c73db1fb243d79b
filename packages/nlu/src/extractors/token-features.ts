// What a tagger sees of a token and its neighbours: the word, its beginning and ending, case, and matched patterns.

import type { SparseVector } from '@tabula/ml'
import type { Message, Token } from '../message.ts'

/** Names of features for the tokens before, at and after a place: Rasa's `features` of CRFEntityExtractor. */
export type FeatureWindow = readonly (readonly string[])[]

/** What taggers with no window of their own see of the words around a place. */
export const FULL_WINDOW: FeatureWindow = [
  ['low'],
  ['low', 'title', 'suffix3', 'pattern'],
  [
    'low',
    'bias',
    'prefix2',
    'prefix3',
    'prefix5',
    'suffix2',
    'suffix3',
    'suffix5',
    'shape',
    'title',
    'upper',
    'digit',
    'pattern',
  ],
  ['low', 'title', 'suffix3', 'pattern'],
  ['low'],
]

const OF_TOKEN: Readonly<Record<string, (token: Token) => string>> = {
  low: ({ text }) => text.toLowerCase(),
  title: ({ text }) => String(/^\p{Lu}[^\p{Lu}]*$/u.test(text)),
  upper: ({ text }) => String(text !== text.toLowerCase() && text === text.toUpperCase()),
  digit: ({ text }) => String(/^\p{Nd}+$/u.test(text)),
  bias: () => '',
  prefix1: ({ text }) => letters(text).slice(0, 1).join(''),
  prefix2: ({ text }) => letters(text).slice(0, 2).join(''),
  prefix3: ({ text }) => letters(text).slice(0, 3).join(''),
  prefix5: ({ text }) => letters(text).slice(0, 5).join(''),
  suffix1: ({ text }) => letters(text).slice(-1).join(''),
  suffix2: ({ text }) => letters(text).slice(-2).join(''),
  suffix3: ({ text }) => letters(text).slice(-3).join(''),
  suffix5: ({ text }) => letters(text).slice(-5).join(''),
  shape: ({ text }) =>
    text
      .replaceAll(/\p{Lu}+/gu, 'X')
      .replaceAll(/\p{Ll}+/gu, 'x')
      .replaceAll(/\p{Nd}+/gu, '9'),
  pos: ({ pos }) => pos ?? '',
  pos2: ({ pos }) => pos?.slice(0, 2) ?? '',
}

/** Features that a window may name besides those of the token itself. */
const PATTERN = 'pattern'
const DENSE = 'text_dense_features'
export const FEATURE_NAMES: readonly string[] = [...Object.keys(OF_TOKEN), PATTERN, DENSE]

/** For each token the names of the features that it has. */
export function describeTokens(
  message: Pick<Message, 'tokens' | 'features'>,
  window: FeatureWindow,
): string[][] {
  const { tokens } = message
  const half = Math.floor(window.length / 2)
  const own = tokens.map((token, place) => {
    const patterns = patternsAt(message, place)
    return new Map(
      FEATURE_NAMES.map(
        name => [name, name === PATTERN ? patterns : [OF_TOKEN[name]?.(token) ?? '']] as const,
      ),
    )
  })
  return tokens.map((_, at) =>
    window.flatMap((names, place) => {
      const index = at + place - half
      const described = own[index]
      if (described === undefined) return [index < 0 ? `${place - half} BOS` : `${place - half} EOS`]
      return names.flatMap(name =>
        (described.get(name) ?? []).map(value => `${place - half} ${name} ${value}`),
      )
    }),
  )
}

/** Columns of the RegexFeaturizer that are set at the token. */
function patternsAt({ features }: Pick<Message, 'features'>, token: number): string[] {
  return features
    .filter(({ origin }) => origin.startsWith('RegexFeaturizer'))
    .flatMap(({ origin, sequence }) =>
      [...(sequence?.[token]?.indices ?? [])].map(column => `${origin}/${column}`),
    )
}

function letters(text: string): string[] {
  return Array.from(text.toLowerCase())
}

/** Feature names as columns. */
export class FeatureColumns {
  readonly names: readonly string[]
  readonly #columns: ReadonlyMap<string, number>

  constructor(names: readonly string[]) {
    this.names = names
    this.#columns = new Map(names.map((name, column) => [name, column]))
  }

  static of(described: Iterable<readonly string[]>): FeatureColumns {
    const names = new Set<string>()
    for (const token of described) for (const name of token) names.add(name)
    return new FeatureColumns([...names])
  }

  /** The row of the features that are known. */
  row(names: readonly string[]): SparseVector {
    const found = new Set<number>()
    for (const name of names) {
      const column = this.#columns.get(name)
      if (column !== undefined) found.add(column)
    }
    const indices = Uint32Array.from(found).sort()
    return { indices, values: new Float32Array(indices.length).fill(1) }
  }
}
