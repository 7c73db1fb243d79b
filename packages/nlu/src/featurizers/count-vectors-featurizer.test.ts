import test from 'ava'
import type { JsonObject } from '@tabula/protocol'
import { createMessage, type Message } from '../message.ts'
import { splitIntoTokens } from '../tokenizers/whitespace-tokenizer.ts'
import { countVectorsFeaturizer } from './count-vectors-featurizer.ts'

const context = { language: 'en', index: 3, seed: 1, warn: () => undefined }
const NO_DATA = { examples: [], synonyms: new Map(), regexes: [], lookups: [], responses: new Map() }

function tokenized(text: string): Message {
  return { ...createMessage(text), tokens: splitIntoTokens(text) }
}

/** The columns' terms by what a message has of them: `hello:2`. */
async function count(texts: readonly string[], text: string, given: JsonObject = {}) {
  const options = { ...countVectorsFeaturizer.defaults, ...given }
  const component = countVectorsFeaturizer.create(options, context)
  const messages = texts.map(each => ({ ...tokenized(each), example: { text: each, entities: [] } }))
  await component.train?.(messages, NO_DATA, context)
  const saved = component.save()
  const message = tokenized(text)
  await countVectorsFeaturizer.load(saved, options, context).process(message)
  const terms = (saved.header['terms'] ?? []) as string[]
  const [features] = message.features
  const show = (row: { indices: Uint32Array; values: Float32Array } | null | undefined) =>
    Array.from(row?.indices ?? [], (column, at) => `${terms[column] ?? ''}:${row?.values[at] ?? 0}`)
  return { terms, sentence: show(features?.sentence), tokens: features?.sequence?.map(show) ?? [], features }
}

test('words are counted for the sentence and for each token, whatever their case', async t => {
  const { terms, sentence, tokens, features } = await count(
    ['Hello you', 'hello there'],
    'hello HELLO new you',
  )
  t.deepEqual(terms, ['hello', 'there', 'you'])
  t.deepEqual(sentence, ['hello:2', 'you:1'])
  t.deepEqual(tokens, [['hello:1'], ['hello:1'], [], ['you:1']])
  t.is(features?.origin, 'CountVectorsFeaturizer.3')
})

test('all numbers are one word', async t => {
  t.deepEqual((await count(['call 112'], 'call 5 times 7')).sentence, ['__number__:2', 'call:1'])
})

test('runs of words and of letters within words are counted as the config says', async t => {
  t.deepEqual((await count(['a b c'], 'a b', { max_ngram: 2 })).sentence, ['a:1', 'a b:1', 'b:1'])
  const letters = await count(['abc'], 'ab', { analyzer: 'char_wb', min_ngram: 1, max_ngram: 2 })
  t.deepEqual(letters.terms, [' ', ' a', 'a', 'ab', 'b', 'bc', 'c', 'c '])
  t.deepEqual(letters.sentence, [' :2', ' a:1', 'a:1', 'ab:1', 'b:1'])
})

test('words that are too rare, too common or stop words are left out', async t => {
  const texts = ['the cat', 'the dog', 'the cat sat']
  t.deepEqual((await count(texts, '', { min_df: 2 })).terms, ['cat', 'the'])
  t.deepEqual((await count(texts, '', { max_df: 0.9 })).terms, ['cat', 'dog', 'sat'])
  t.deepEqual((await count(texts, '', { stop_words: ['The'] })).terms, ['cat', 'dog', 'sat'])
  t.deepEqual((await count(texts, '', { max_features: 1 })).terms, ['the'])
})

test('words that were never seen count as the OOV token', async t => {
  const options = { OOV_token: 'oov', OOV_words: ['blue'] }
  t.deepEqual((await count(['a blue house'], 'green house', options)).sentence, ['house:1', 'oov:1'])
})

test('an analyzer that does not exist is refused with those that do', t => {
  const options = { ...countVectorsFeaturizer.defaults, analyzer: 'words' }
  t.throws(() => countVectorsFeaturizer.create(options, context), { message: /'word', 'char' or 'char_wb'/ })
})
