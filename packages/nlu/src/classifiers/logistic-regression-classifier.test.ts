import test from 'ava'
import { toConfigs, trainAndLoad } from '../../test/train.ts'
import type { NluTrainingData } from '../training-data.ts'

/** What a bot is begun with: a handful of examples. */
const BEGINNINGS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'two intents of one example': { greet: ['hello'], order: ['I want a pizza'] },
  'two intents of two examples': { greet: ['hello', 'good morning'], bye: ['goodbye', 'see you later'] },
  'two intents of two long examples': {
    track: ['where is my order', 'track my parcel please'],
    refund: ['I want my money back', 'please refund my order'],
  },
  'two intents of five examples': {
    greet: ['hey', 'hello', 'hi', 'good morning', 'good evening'],
    bye: ['bye', 'goodbye', 'see you around', 'see you later', 'farewell'],
  },
  'five intents of three examples': {
    greet: ['hello', 'hi', 'hey there'],
    bye: ['bye', 'goodbye', 'see you'],
    affirm: ['yes', 'sure', 'of course'],
    order: ['I want to buy a pizza', 'order a pizza please', 'can I get a pizza'],
    hours: ['when do you open', 'what are your opening hours', 'are you open on sunday'],
  },
  'one intent of many examples beside one of one': {
    greet: ['hello', 'hi', 'hey', 'good morning', 'hello there', 'good evening'],
    help: ['help'],
  },
}

function dataOf(intents: Readonly<Record<string, readonly string[]>>): NluTrainingData {
  const examples = Object.entries(intents).flatMap(([intent, texts]) =>
    texts.map(text => ({ text, intent, entities: [] })),
  )
  return { examples, synonyms: new Map(), regexes: [], lookups: [], responses: new Map() }
}

for (const [title, intents] of Object.entries(BEGINNINGS))
  for (const name of ['LogisticRegressionClassifier', 'SklearnIntentClassifier', 'DIETClassifier'])
    test(`a bot that begins with ${title} knows its own examples for sure: ${name}`, async t => {
      const data = dataOf(intents)
      const { pipeline } = await trainAndLoad(
        toConfigs('WhitespaceTokenizer', 'CountVectorsFeaturizer', name, [
          'FallbackClassifier',
          { threshold: 0.7 },
        ]),
        data,
      )
      for (const { text, intent } of data.examples) {
        const parsed = await pipeline.parse(text)
        t.is(parsed.intent.name, intent ?? null, `${text}: ${parsed.intent.confidence ?? 0}`)
      }
      const stranger = await pipeline.parse('asdf')
      t.true((stranger.intent.confidence ?? 1) < 0.95)
    })

test('a mistyped word is understood as the word that was meant', async t => {
  const { pipeline } = await trainAndLoad(
    toConfigs('WhitespaceTokenizer', 'CountVectorsFeaturizer', 'LogisticRegressionClassifier'),
    dataOf(BEGINNINGS['five intents of three examples'] ?? {}),
  )
  for (const [text, intent] of [
    ['pizzza', 'order'],
    ['goodbey', 'bye'],
    ['openning huors', 'hours'],
    ['helo', 'greet'],
  ] as const) {
    const parsed = await pipeline.parse(text)
    t.is(parsed.intent.name, intent, text)
    t.is(parsed.text, text)
  }
})
