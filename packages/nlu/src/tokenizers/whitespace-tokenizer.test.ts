import test from 'ava'
import fc from 'fast-check'
import { splitIntoTokens, whitespaceTokenizer } from './whitespace-tokenizer.ts'
import { createMessage } from '../message.ts'
import { splitWords } from '../text.ts'

const words = (text: string): string[] => splitIntoTokens(text).map(token => token.text)

test('words come without the punctuation at their edges, addresses and numbers whole', t => {
  t.deepEqual(words('Hi, how are you? (fine!)'), ['Hi', 'how', 'are', 'you', 'fine'])
  t.deepEqual(words('mail a.b@c.org or see https://x.org/a?b=c&d'), [
    'mail',
    'a.b@c.org',
    'or',
    'see',
    'https://x.org/a?b=c&d',
  ])
  t.deepEqual(words("don't pay 10'000.00, pay -5"), ['don', 't', 'pay', "10'000.00", 'pay', '-5'])
  t.deepEqual(words('#tag @you &co'), ['#tag', '@you', '&co'])
})

test('emoji vanish unless there is nothing else', t => {
  t.deepEqual(words('hi 😀 there'), ['hi', 'there'])
  t.deepEqual(words(':)'), [':)'])
  t.deepEqual(splitIntoTokens('😀'), [{ text: '😀', start: 0, end: 2 }])
  t.deepEqual(splitIntoTokens(''), [{ text: '', start: 0, end: 0 }])
})

test('token_pattern splits tokens further and leaves alone those that it does not find', t => {
  const context = { language: 'en', index: 0, seed: 1, warn: () => undefined }
  const tokenizer = whitespaceTokenizer.create(
    { ...whitespaceTokenizer.defaults, token_pattern: '[A-Z][a-z]+' },
    context,
  )
  const message = createMessage('HelloWorld 12')
  void tokenizer.process(message)
  t.deepEqual(message.tokens, [
    { text: 'Hello', start: 0, end: 5 },
    { text: 'World', start: 5, end: 10 },
    { text: '12', start: 11, end: 13 },
  ])
})

test('every text is cut where the three rules, written as one expression, cut it', t => {
  const w = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}'
  const s = '\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
  const rules = new RegExp(
    `[^${w}#@&]+(?=[${s}]|$)|([${s}]|^)[^${w}#@&]+(?=[^0-9${s}])|(?<=[^0-9${s}])[^${w}._~:/?#\\[\\]()@!$&*+,;=\\-]+(?=[^0-9${s}])`,
    'gu',
  )
  const expected = (text: string): string[] => {
    const found = splitWords(text.replace(rules, ' ')).filter(word => !/^[\u{1F600}-\u{1F64F}]+$/u.test(word))
    return found.length === 0 ? [text] : found
  }
  const letters = fc.constantFrom(...(' \t\nab1-9.,:;!?#@&%"\'*()[]=_~/\u00a0\u200bé😀٣'.match(/./gsu) ?? []))
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 14 }), chars => {
        const text = chars.join('')
        t.deepEqual(words(text), expected(text), JSON.stringify(text))
      }),
      { numRuns: 3000 },
    )
  })
})

test('a hostile message of punctuation costs no more than its length', t => {
  const text = 'a' + '!'.repeat(60_000) + 'a' + '!- '.repeat(20_000) + 'a'
  const start = performance.now()
  splitIntoTokens(text)
  t.true(performance.now() - start < 1000)
})
