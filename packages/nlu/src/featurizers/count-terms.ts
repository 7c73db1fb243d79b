// The terms that CountVectorsFeaturizer counts: words, runs of words, letters, or letters within words.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Token } from '../message.ts'

export interface CountOptions {
  readonly analyzer: 'word' | 'char' | 'char_wb'
  readonly least: number
  readonly most: number
  readonly lowercase: boolean
  readonly useLemma: boolean
  readonly stripAccents: boolean
  readonly stopWords: ReadonlySet<string>
  /** Stands for words that the vocabulary lacks. */
  readonly oovToken: string | null
  readonly oovWords: ReadonlySet<string>
}

/** Throws CodedError for an analyzer or lengths that cannot be. */
export function readCountOptions(options: JsonObject): CountOptions {
  const { analyzer, min_ngram: least, max_ngram: most, OOV_token: oov } = options
  if (analyzer !== 'word' && analyzer !== 'char' && analyzer !== 'char_wb')
    throw wrong(`analyzer is ${JSON.stringify(analyzer)}; it must be 'word', 'char' or 'char_wb'`)
  if (typeof least !== 'number' || typeof most !== 'number' || least < 1 || most < least)
    throw wrong(
      `min_ngram is ${JSON.stringify(least)} and max_ngram ${JSON.stringify(most)}; both must be at least 1, max_ngram no less than min_ngram`,
    )
  const lowercase = options['lowercase'] !== false
  const fold = (word: string): string => (lowercase ? word.toLowerCase() : word)
  return {
    analyzer,
    least,
    most,
    lowercase,
    useLemma: options['use_lemma'] !== false,
    stripAccents: typeof options['strip_accents'] === 'string',
    stopWords: new Set(words(options['stop_words']).map(fold)),
    oovToken: typeof oov === 'string' ? fold(oov) : null,
    oovWords: new Set(words(options['OOV_words']).map(fold)),
  }
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function wrong(message: string): CodedError {
  return new CodedError('nlu.option', `${message}.`, { status: 400 })
}

/** All terms of the tokens in their order; with a vocabulary, words that it lacks are the OOV token. */
export function termsOfText(
  tokens: readonly Token[],
  options: CountOptions,
  vocabulary: ReadonlyMap<string, number> | null,
): string[] {
  const cleaned = tokens.map(token => clean(token, options))
  if (options.analyzer === 'word') {
    const found = cleaned
      .flatMap(text => text.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [])
      .map(word => known(word, options, vocabulary))
      .filter(word => !options.stopWords.has(word))
    return runs(found, options, ' ')
  }
  if (options.analyzer === 'char') return runs(Array.from(cleaned.join(' ')), options, '')
  return cleaned.flatMap(text =>
    text
      .split(/\s+/)
      .filter(word => word !== '')
      .flatMap(word => lettersWithin(word, options)),
  )
}

function clean(token: Token, { useLemma, lowercase, stripAccents }: CountOptions): string {
  const text = useLemma ? (token.lemma ?? token.text) : token.text
  const numbered = text.replaceAll(/(?<![\p{L}\p{N}_])\p{Nd}+(?![\p{L}\p{N}_])/gu, '__NUMBER__')
  const folded = lowercase ? numbered.toLowerCase() : numbered
  return stripAccents ? folded.normalize('NFKD').replaceAll(/\p{Mn}/gu, '') : folded
}

function known(
  word: string,
  { oovToken, oovWords }: CountOptions,
  vocabulary: ReadonlyMap<string, number> | null,
): string {
  if (oovToken === null) return word
  const isUnknown = vocabulary === null ? oovWords.has(word) : !vocabulary.has(word)
  return isUnknown ? oovToken : word
}

function runs(items: readonly string[], { least, most }: CountOptions, joint: string): string[] {
  const terms: string[] = []
  for (let length = least; length <= Math.min(most, items.length); length += 1)
    for (let at = 0; at + length <= items.length; at += 1)
      terms.push(items.slice(at, at + length).join(joint))
  return terms
}

/** Runs of letters of the word with a space at each side; a word shorter than the runs is one term, as in scikit-learn. */
function lettersWithin(word: string, { least, most }: CountOptions): string[] {
  const letters = Array.from(` ${word} `)
  const terms: string[] = []
  for (let length = least; length <= most; length += 1) {
    if (length >= letters.length) {
      terms.push(letters.join(''))
      break
    }
    for (let at = 0; at + length <= letters.length; at += 1)
      terms.push(letters.slice(at, at + length).join(''))
  }
  return terms
}
