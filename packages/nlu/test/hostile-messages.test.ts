// Messages and data that nobody should send: a sound result or a clear complaint, whichever component meets them.

import test from 'ava'
import fc from 'fast-check'
import { MESSAGE_LIMIT, type Pipeline, trainPipeline } from '../src/pipeline.ts'
import { setSurroundings } from '../src/surroundings.ts'
import { readExamples } from './read-examples.ts'
import { toConfigs, trainAndLoad } from './train.ts'

const DATA = readExamples(`
- intent: book
  examples: |
    - fly to [Berlin](city) tomorrow
    - a trip to [Rome](city)
    - go to [Paris](city)
- intent: greet
  examples: |
    - hello
    - good morning
    - hi there
- intent: lonely
  examples: |
    - only this
- regex: code
  examples: |
    - (a+)+$
- lookup: city
  examples: |
    - Berlin
    - Rome
`)

const EVERYTHING = toConfigs(
  'WhitespaceTokenizer',
  'RegexFeaturizer',
  'LexicalSyntacticFeaturizer',
  'CountVectorsFeaturizer',
  'DIETClassifier',
  'CRFEntityExtractor',
  'RegexEntityExtractor',
  'DucklingEntityExtractor',
  'SpacyEntityExtractor',
  'EntitySynonymMapper',
  'FallbackClassifier',
)

let pipeline: Pipeline
test.before(async () => {
  ;({ pipeline } = await trainAndLoad(EVERYTHING, DATA))
})

test('an intent with one example is learned beside the others', async t => {
  t.is((await pipeline.parse('only this')).intent.name, 'lonely')
})

test('whatever the message, offsets lie within it, count code points, and cut out the value', async t => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async text => {
      const answer = await pipeline.parse(`${text} Berlin`)
      const points = Array.from(answer.text ?? '')
      t.true((answer.intent.confidence ?? 0) >= 0 && (answer.intent.confidence ?? 0) <= 1)
      for (const { start = 0, end = 0, extractor, value } of answer.entities) {
        t.true(0 <= start && start <= end && end <= points.length)
        if (extractor === 'RegexEntityExtractor') t.true(points.slice(start, end).join('') === value)
      }
    }),
    { numRuns: 60 },
  )
})

test('lone surrogates, right-to-left text and an empty message are normal messages', async t => {
  for (const text of ['\ud800 fly to Berlin \udc00', 'שלום fly to Berlin', 'مرحبا', '', ' \n ']) {
    const answer = await pipeline.parse(text)
    t.is(typeof answer.intent.name, 'string', JSON.stringify(text))
  }
  const mixed = await pipeline.parse('😀😀 fly to Berlin')
  t.deepEqual(
    mixed.entities
      .filter(({ extractor }) => extractor === 'RegexEntityExtractor')
      .map(({ start, end }) => [start, end]),
    [[10, 16]],
  )
})

test('a message of 100,000 characters is understood by its beginning, kept whole, and warned of once', async t => {
  const warned: string[] = []
  setSurroundings({ warn: ({ code }) => warned.push(code) })
  const text = `fly to Berlin ${'please '.repeat(15_000)}Rome`
  const answer = await pipeline.parse(text)
  t.is(answer.text?.length, text.length)
  t.is(answer.intent.name, 'book')
  t.true(answer.entities.every(({ end = 0 }) => end <= MESSAGE_LIMIT))
  t.true(answer.entities.some(({ value }) => value === 'Berlin'))
  t.deepEqual(warned, ['nlu.long-message'])
  t.is((await pipeline.parse('a'.repeat(100_000))).text?.length, 100_000)
  t.is((await pipeline.parse('😀'.repeat(50_000))).text?.length, 100_000)
})

test('others have their turn again and again while a long message is parsed', async t => {
  let turns = 0
  let isParsing = true
  const count = (): void => {
    turns += 1
    if (isParsing) setImmediate(count)
  }
  setImmediate(count)
  const answer = await pipeline.parse('John Smith flies to Berlin on Monday for 20 dollars. '.repeat(70))
  isParsing = false
  // Two a component, and more in those that read in pieces.
  t.true(turns > EVERYTHING.length + 8, `${turns} turns`)
  const places = answer.entities.filter(
    ({ extractor, entity }) => extractor === 'SpacyEntityExtractor' && entity === 'GPE',
  )
  t.true(places.length > 50)
  const points = Array.from(answer.text ?? '')
  t.true(places.every(({ start = 0, end = 0 }) => points.slice(start, end).join('') === 'Berlin'))
})

test('an expression that would backtrack without end answers as any other', async t => {
  const answer = await pipeline.parse(`${'a'.repeat(3000)}! fly to Berlin`)
  t.is(answer.intent.name, 'book')
  t.true(
    answer.entities.some(
      ({ extractor, value }) => extractor === 'RegexEntityExtractor' && value === 'Berlin',
    ),
  )
})

test('entities that overlap in the data, or are wrong at their edges, do not stop training', async t => {
  const overlapping = {
    ...DATA,
    examples: [
      ...DATA.examples,
      {
        text: 'new york city',
        intent: 'book',
        entities: [
          { start: 0, end: 8, entity: 'city', value: 'new york' },
          { start: 4, end: 13, entity: 'place', value: 'york city' },
          { start: 0, end: 2, entity: 'city', value: 'ne' },
          { start: 5, end: 5, entity: 'city', value: '' },
        ],
      },
    ],
  }
  const warnings: string[] = []
  const trained = await trainPipeline(EVERYTHING, overlapping, {
    language: 'en',
    seed: 1,
    warn: ({ code }) => warnings.push(code),
  })
  t.true(warnings.includes('nlu.misaligned-entity'))
  t.is((await trained.parse('new york city')).intent.name, 'book')
})
