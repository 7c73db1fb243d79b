// Columns for how a token and its neighbours are written: case, digits, beginnings and ends, place in the sentence.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import type { Features, SparseRow, Token } from '../message.ts'

const NAME = 'LexicalSyntacticFeaturizer'

export const lexicalSyntacticFeaturizer: ComponentType = {
  name: NAME,
  kinds: ['featurizer'],
  requires: ['tokenizer'],
  defaults: {
    features: [
      ['low', 'title', 'upper'],
      ['BOS', 'EOS', 'low', 'upper', 'title', 'digit'],
      ['low', 'title', 'upper'],
    ],
  },
  create: (options, context) => createFeaturizer(options, context.index, new Map()),
  load: ({ header }, options, context) =>
    createFeaturizer(options, context.index, new Map(header['columns'] as [string, number][] | undefined)),
}

/** Names of features for the tokens before, at and after a place. */
type Window = readonly (readonly string[])[]

/** What each feature says of a token, as text: one column for every text seen in training. */
const FEATURES: Readonly<Record<string, (token: Token, place: number, count: number) => string>> = {
  BOS: (_token, place) => python(place === 0),
  EOS: (_token, place, count) => python(place === count - 1),
  low: ({ text }) => python(isLower(text)),
  title: ({ text }) => python(isTitle(text)),
  upper: ({ text }) => python(isUpper(text)),
  digit: ({ text }) => python(/^\p{Nd}+$/u.test(text)),
  prefix2: ({ text }) => Array.from(text).slice(0, 2).join(''),
  prefix5: ({ text }) => Array.from(text).slice(0, 5).join(''),
  suffix1: ({ text }) => Array.from(text).slice(-1).join(''),
  suffix2: ({ text }) => Array.from(text).slice(-2).join(''),
  suffix3: ({ text }) => Array.from(text).slice(-3).join(''),
  suffix5: ({ text }) => Array.from(text).slice(-5).join(''),
  pos: ({ pos }) => pos ?? 'None',
  pos2: ({ pos }) => pos?.slice(0, 2) ?? 'None',
}

function createFeaturizer(options: JsonObject, index: number, loaded: Map<string, number>): Component {
  const window = readWindow(options['features'])
  let columns = loaded
  return {
    train(messages, _data, context) {
      const seen = new Set<string>()
      for (const { tokens } of messages)
        for (const names of describeTokens(tokens, window)) for (const name of names) seen.add(name)
      columns = new Map([...seen].sort().map((name, column) => [name, column]))
      const wantsPos = window.some(names => names.includes('pos') || names.includes('pos2'))
      if (!wantsPos || messages.some(({ tokens }) => tokens.some(({ pos }) => pos !== undefined))) return
      context.warn({
        severity: 'warning',
        code: 'nlu.no-pos',
        message: `${NAME} is asked for pos features, but no tokenizer of the pipeline tells a word's part of speech.`,
        hint: 'Leave pos and pos2 out of its features.',
      })
    },
    process(message) {
      if (columns.size > 0 && message.tokens.length > 0)
        message.features.push(new LexicalFeatures(`${NAME}.${index}`, message.tokens, columns, window))
    },
    save: () => ({ header: { columns: [...columns] }, tensors: {} }),
  }
}

/** Describes tokens when somebody asks: learners with features of their own never do. */
class LexicalFeatures implements Features {
  readonly origin: string
  readonly width: number
  readonly sentence = null
  readonly #tokens: readonly Token[]
  readonly #columns: ReadonlyMap<string, number>
  readonly #window: Window

  constructor(
    origin: string,
    tokens: readonly Token[],
    columns: ReadonlyMap<string, number>,
    window: Window,
  ) {
    this.origin = origin
    this.width = columns.size
    this.#tokens = tokens
    this.#columns = columns
    this.#window = window
  }

  get sequence(): readonly SparseRow[] {
    return describeTokens(this.#tokens, this.#window).map(names => toRow(names, this.#columns))
  }
}

function readWindow(value: unknown): Window {
  const known = Object.keys(FEATURES).sort()
  const valid =
    Array.isArray(value) &&
    value.every(
      (names: unknown) =>
        Array.isArray(names) && names.every((name: unknown) => known.includes(String(name))),
    )
  if (valid) return value as Window
  throw new CodedError(
    'nlu.option',
    `features is ${JSON.stringify(value)}; it must be a list of lists of these names: ${known.join(', ')}.`,
    { status: 400 },
  )
}

/** For each token the names `window place, feature, value` that hold for it and the tokens around it. */
function describeTokens(tokens: readonly Token[], window: Window): string[][] {
  const half = Math.floor(window.length / 2)
  return tokens.map((_, anchor) =>
    window.flatMap((names, place) => {
      const at = anchor + place - half
      const token = tokens[at]
      if (token === undefined) return []
      return names.map(name => `${place} ${name} ${FEATURES[name]?.(token, at, tokens.length) ?? ''}`)
    }),
  )
}

function toRow(names: readonly string[], columns: ReadonlyMap<string, number>): SparseRow {
  const found = new Set<number>()
  for (const name of names) {
    const column = columns.get(name)
    if (column !== undefined) found.add(column)
  }
  const indices = Uint32Array.from(found).sort()
  return { indices, values: new Float32Array(indices.length).fill(1) }
}

function python(value: boolean): string {
  return value ? 'True' : 'False'
}

function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text)
}

function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text)
}

/** Every run of letters with case starts with a capital and goes on without one. */
function isTitle(text: string): boolean {
  let inside = false
  let any = false
  for (const char of text) {
    const capital = /[\p{Uppercase}\p{Lt}]/u.test(char)
    const small = /\p{Lowercase}/u.test(char)
    if ((capital && inside) || (small && !inside)) return false
    inside = capital || small
    any ||= inside
  }
  return any
}
