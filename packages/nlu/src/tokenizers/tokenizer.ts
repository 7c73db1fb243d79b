// What all tokenizers share: their options, and splitting each token once more by a pattern.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component } from '../component.ts'
import type { Message, Token } from '../message.ts'
import type { Pattern } from '../regex/pattern.ts'
import { compilePattern } from '../regex/pattern.ts'

/** The first, second and last shape how Rasa makes features of intent names; intents are plain labels here, so they change nothing. */
export const TOKENIZER_DEFAULTS: JsonObject = {
  intent_tokenization_flag: false,
  intent_split_symbol: '_',
  token_pattern: null,
  prefix_separator_symbol: null,
}

/** A tokenizer that sets a message's tokens. Throws CodedError on a token_pattern that cannot be used. */
export function createTokenizer(options: JsonObject, tokenize: (message: Message) => Token[]): Component {
  const pattern = readTokenPattern(options['token_pattern'])
  return {
    process(message) {
      const tokens = tokenize(message)
      message.tokens = pattern === null ? tokens : tokens.flatMap(token => splitToken(token, pattern))
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}

function readTokenPattern(value: unknown): Pattern | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value !== 'string') {
    throw new CodedError(
      'nlu.option',
      `token_pattern is ${JSON.stringify(value)}; it must be a regular expression as text.`,
      {
        status: 400,
      },
    )
  }
  const pattern = compilePattern(value)
  if (pattern.groupCount > 1) {
    throw new CodedError(
      'nlu.option',
      `token_pattern '${value}' has ${pattern.groupCount} capturing groups; it may have one at most. Write (?:..) for the others.`,
      { status: 400 },
    )
  }
  return pattern
}

/** What the pattern (or its one group) finds in a token; the token itself where that is nothing. */
function splitToken(token: Token, pattern: Pattern): Token[] {
  const words = pattern
    .matches(token.text)
    .map(match =>
      pattern.groupCount === 0 ? token.text.slice(match.start, match.end) : (match.groups[0] ?? ''),
    )
    .filter(word => word !== '')
  if (words.length === 0) return [token]
  let from = 0
  return words.map(word => {
    const start = token.text.indexOf(word, from)
    from = start + word.length
    return { text: word, start: token.start + start, end: token.start + from }
  })
}
