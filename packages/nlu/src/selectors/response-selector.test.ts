import test from 'ava'
import { decodePart, encodePart } from '@tabula/ml'
import { readExamples } from '../../test/read-examples.ts'
import { createMessage, type Message } from '../message.ts'
import { toParseData } from '../parse-result.ts'
import type { TrainingMessage } from '../component.ts'
import { splitIntoTokens } from '../tokenizers/whitespace-tokenizer.ts'
import { responseSelector } from './response-selector.ts'

const context = { language: 'en', index: 4, seed: 1, warn: () => undefined }
const DATA = {
  ...readExamples(`
- intent: faq/price
  examples: |
    - how much is it
    - what does it cost
- intent: faq/hours
  examples: |
    - when are you open
    - opening hours
- intent: chat/name
  examples: |
    - who are you
- intent: hello
  examples: |
    - hello
`),
  responses: new Map([
    ['utter_faq/price', [{ text: 'Five.' }, { text: 'Five euros.', image: 'x' }]],
    ['utter_faq/hours', [{ text: 'Nine to five.' }]],
  ]),
}

function tokenized(text: string): Message {
  return { ...createMessage(text), tokens: splitIntoTokens(text) }
}

async function select(text: string, options = {}, data = DATA) {
  const all = { ...responseSelector.defaults, ...options }
  const messages: TrainingMessage[] = data.examples.map(example => ({ ...tokenized(example.text), example }))
  const trained = responseSelector.create(all, context)
  await trained.train?.(messages, data, context)
  const message = { ...tokenized(text), intent: { name: 'faq', confidence: 1 } }
  const saved = decodePart(encodePart(trained.save()))
  await responseSelector.load(saved, all, context).process(message)
  return toParseData(message)
}

test('the nearest response is chosen, in the shape that bots and widgets know', async t => {
  const { response_selector: selected, intent } = await select('how much is it')
  const byKey = selected?.['default'] as {
    response: { confidence: number }
    ranking: { intent_response_key: string }[]
  }
  t.like(byKey.response, {
    responses: [{ text: 'Five.' }, { text: 'Five euros.', image: 'x' }],
    intent_response_key: 'faq/price',
    utter_action: 'utter_faq/price',
  })
  t.true(byKey.response.confidence > 0.9)
  t.deepEqual(Object.keys(byKey.response), ['responses', 'confidence', 'intent_response_key', 'utter_action'])
  t.is(byKey.ranking.length, 3)
  t.deepEqual(selected?.['all_retrieval_intents'], ['faq', 'chat'])
  t.deepEqual(intent, { name: 'faq', confidence: 1, full_retrieval_intent_name: null })
})

test('a selector of one intent chooses among its responses only, and names the full intent', async t => {
  const { response_selector: selected, intent } = await select('who are you open', {
    retrieval_intent: 'faq',
    ranking_length: 1,
  })
  const chosen = selected?.['faq'] as { ranking: unknown[] }
  t.is(chosen.ranking.length, 1)
  t.is('full_retrieval_intent_name' in intent ? intent.full_retrieval_intent_name : '', 'faq/hours')
})

test('a response that the data lacks is shown by its key', async t => {
  const { response_selector: selected } = await select('who are you')
  t.like(selected?.['default'], { response: { responses: [{ text: 'chat/name' }] } })
})

test('the only response of an intent is chosen without doubt', async t => {
  const { response_selector: selected } = await select('hm', { retrieval_intent: 'chat' })
  t.like(selected?.['chat'], { response: { confidence: 1, intent_response_key: 'chat/name' } })
})

test('several selectors answer side by side', async t => {
  const message = tokenized('when are you open')
  for (const retrieval_intent of ['faq', 'chat']) {
    const selector = responseSelector.create({ ...responseSelector.defaults, retrieval_intent }, context)
    const messages = DATA.examples.map(example => ({ ...tokenized(example.text), example }))
    await selector.train?.(messages, DATA, context)
    await selector.process(message)
  }
  t.deepEqual(Object.keys(message.responseSelector ?? {}), ['all_retrieval_intents', 'faq', 'chat'])
})

test('without retrieval intents the selector says so in Rasa’s shape', async t => {
  const plain = { ...DATA, examples: DATA.examples.filter(({ intent }) => intent === 'hello') }
  t.deepEqual((await select('hello', {}, plain)).response_selector, {
    all_retrieval_intents: [],
    default: {
      response: { responses: null, confidence: 0, intent_response_key: null, utter_action: 'utter_None' },
      ranking: [],
    },
  })
})
