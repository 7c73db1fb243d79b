// Words between spaces, without the punctuation at their edges.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import type { Message, Token } from '../message.ts'
import { createTokenizer, TOKENIZER_DEFAULTS } from './tokenizer.ts'
import { splitWords } from '../text.ts'

export const whitespaceTokenizer: ComponentType = {
  name: 'WhitespaceTokenizer',
  kinds: ['tokenizer'],
  requires: [],
  defaults: TOKENIZER_DEFAULTS,
  create: options => createWhitespaceTokenizer(options),
  load: (_saved, options) => createWhitespaceTokenizer(options),
}

function createWhitespaceTokenizer(options: JsonObject): Component {
  return createTokenizer(options, (message: Message) => splitIntoTokens(message.text))
}

/** The tokens of a text, at least one: where nothing is left but punctuation or emoji, it is the entire text. */
export function splitIntoTokens(text: string): Token[] {
  const words = splitWords(blankPunctuation(text)).filter(word => !EMOJI.test(word))
  if (words.length === 0) return [{ text, start: 0, end: text.length }]
  let from = 0
  return words.map(word => {
    const start = text.indexOf(word, from)
    from = start + word.length
    return { text: word, start, end: from }
  })
}

/** Words of these alone are dropped. The range from U+24C2 holds more than emoji, Chinese characters too: so it is in Rasa. */
const EMOJI =
  /^[\u{1F600}-\u{1F64F}\u{1F300}-\u{1F5FF}\u{1F680}-\u{1F6FF}\u{1F1E0}-\u{1F1FF}\u2702-\u27B0\u24C2-\u{1F251}\u200d\u200c]+$/u

const WORD_CHARACTER = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u
const SPACE_CHARACTER = /[\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/
const KEPT_AT_EDGES = '#@&'
const KEPT_INSIDE = '._~:/?#[]()@!$&*+,;=-'

/**
 * The text with a space for every piece of punctuation that no token keeps. Three rules, tried in this order at each
 * place, take the longest run that they can: a run before a space or the end; one after a space or the start, unless a
 * digit follows; one between letters, of characters that no address or number holds. Runs and where they may end are
 * computed beforehand, so that the cost stays in proportion to the text.
 */
function blankPunctuation(text: string): string {
  const chars = Array.from(text)
  const isSpace = chars.map(char => SPACE_CHARACTER.test(char))
  const isWord = chars.map(char => WORD_CHARACTER.test(char))
  const isDigit = chars.map(char => char >= '0' && char <= '9' && char.length === 1)
  const opensWord = chars.map((_, index) => isDigit[index] === false && isSpace[index] === false)
  const edge = findRuns(chars, isWord, KEPT_AT_EDGES, isSpace, opensWord)
  const inner = findRuns(chars, isWord, KEPT_INSIDE, isSpace, opensWord)
  const { length } = chars
  let out = ''
  for (let at = 0; at < length;) {
    const end = endOfBlank(at)
    if (end > at) {
      out += ' '
      at = end
    } else {
      out += chars[at] ?? ''
      at += 1
    }
  }
  return out

  function endOfBlank(at: number): number {
    const beforeSpace = edge.beforeSpace[at] ?? 0
    if (beforeSpace > at) return beforeSpace
    if (isSpace[at] === true) {
      const afterSpace = edge.beforeWord[at + 1] ?? 0
      if (afterSpace > at + 1) return afterSpace
    }
    if (at === 0) {
      const atStart = edge.beforeWord[0] ?? 0
      if (atStart > 0) return atStart
    }
    if (at > 0 && opensWord[at - 1] === true) return inner.beforeWord[at] ?? 0
    return 0
  }
}

interface Runs {
  /** Where the longest run from here ends that a space or the end follows; not above the place itself where none does. */
  readonly beforeSpace: Int32Array
  /** The same for what is neither space nor digit. */
  readonly beforeWord: Int32Array
}

function findRuns(
  chars: readonly string[],
  isWord: readonly boolean[],
  kept: string,
  isSpace: readonly boolean[],
  opensWord: readonly boolean[],
): Runs {
  const { length } = chars
  const beforeSpace = new Int32Array(length + 1)
  const beforeWord = new Int32Array(length + 1)
  let space = 0
  let word = 0
  for (let at = length - 1; at >= 0; at -= 1) {
    const char = chars[at] ?? ''
    if (isWord[at] === true || kept.includes(char)) {
      space = 0
      word = 0
      continue
    }
    // A run that starts here ends at the last good place of the run behind it, or else right after this character.
    if (space === 0 && (at + 1 === length || isSpace[at + 1] === true)) space = at + 1
    if (word === 0 && at + 1 < length && opensWord[at + 1] === true) word = at + 1
    beforeSpace[at] = space
    beforeWord[at] = word
  }
  return { beforeSpace, beforeWord }
}
