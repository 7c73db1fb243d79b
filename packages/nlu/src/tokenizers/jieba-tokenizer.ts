// Words of Chinese, Japanese and other text without spaces, as the Unicode library built into Node finds them. Rasa uses
// the Python library jieba, whose dictionary differs; a dictionary of one's own (`dictionary_path`) cannot be used.

import type { Token } from '../message.ts'
import type { ComponentType } from '../component.ts'
import { createTokenizer, TOKENIZER_DEFAULTS } from './tokenizer.ts'

export const jiebaTokenizer: ComponentType = {
  name: 'JiebaTokenizer',
  kinds: ['tokenizer'],
  requires: [],
  defaults: { ...TOKENIZER_DEFAULTS, dictionary_path: null },
  create: (options, context) => {
    if (options['dictionary_path'] !== null) {
      context.warn({
        severity: 'warning',
        code: 'nlu.dictionary',
        message: 'JiebaTokenizer does not read dictionary_path; words are found without it.',
      })
    }
    return createTokenizer(options, ({ text }) => segment(text))
  },
  load: (_saved, options) => createTokenizer(options, ({ text }) => segment(text)),
}

const SEGMENTER = new Intl.Segmenter('zh', { granularity: 'word' })

/** Words and signs, without the spaces between them; the entire text where there is nothing else. */
function segment(text: string): Token[] {
  const tokens: Token[] = []
  for (const { segment: word, index } of SEGMENTER.segment(text)) {
    if (word.trim() !== '') tokens.push({ text: word, start: index, end: index + word.length })
  }
  return tokens.length === 0 ? [{ text, start: 0, end: text.length }] : tokens
}
