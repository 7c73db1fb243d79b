import test from 'ava'
import { encodePart } from '@tabula/ml'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'
import { trainPipeline } from '../pipeline.ts'

const DATA = readExamples(`
- intent: greet
  examples: |
    - hello
    - hi there
    - good morning
    - hey
- intent: bye
  examples: |
    - goodbye
    - bye bye
    - see you later
    - farewell
- intent: book
  examples: |
    - a flight from [Rome]{"entity": "city", "role": "from"} to [Oslo]{"entity": "city", "role": "to"}
    - fly me from [Paris]{"entity": "city", "role": "from"} to [Rome]{"entity": "city", "role": "to"}
    - I want to go from [New York]{"entity": "city", "role": "from"} to [Berlin]{"entity": "city", "role": "to"}
    - book a trip to [San Marino]{"entity": "city", "role": "to"}
    - travel to [Berlin]{"entity": "city", "role": "to"} please
- intent: shop
  examples: |
    - buy [apples](fruit), [pears](fruit) and [plums](fruit)
    - I need [apples](fruit)
    - get me some [pears](fruit), [cherries](fruit)
    - put [plums](fruit) into my basket
`)
const PIPELINE = ['WhitespaceTokenizer', 'CountVectorsFeaturizer'] as const

test('a message in other words gets its intent, and is surer of it than of any other', async t => {
  const { pipeline } = await trainAndLoad(toConfigs(...PIPELINE, 'DIETClassifier'), DATA)
  for (const [text, intent] of [
    ['hi, good morning', 'greet'],
    ['see you, bye', 'bye'],
    ['please book a flight', 'book'],
    ['buy some apples', 'shop'],
  ] as const) {
    const parsed = await pipeline.parse(text)
    t.is(parsed.intent.name, intent, text)
    t.true((parsed.intent.confidence ?? 0) > 0.6, `${text}: ${parsed.intent.confidence ?? 0}`)
    t.is(parsed.intent_ranking?.length, 4)
  }
})

test('an example’s own words are understood with little doubt', async t => {
  const { pipeline } = await trainAndLoad(toConfigs(...PIPELINE, 'DIETClassifier'), DATA)
  for (const text of ['hello', 'goodbye', 'see you later'])
    t.true(((await pipeline.parse(text)).intent.confidence ?? 0) > 0.8, text)
})

test('entities are found with their roles and how sure they are, in Rasa’s order of keys', async t => {
  const { pipeline } = await trainAndLoad(toConfigs(...PIPELINE, 'DIETClassifier'), DATA)
  const { entities } = await pipeline.parse('fly me from Oslo to New York')
  t.deepEqual(
    entities.map(({ entity, value, role, start, end, extractor }) => [
      entity,
      value,
      role,
      start,
      end,
      extractor,
    ]),
    [
      ['city', 'Oslo', 'from', 12, 16, 'DIETClassifier'],
      ['city', 'New York', 'to', 20, 28, 'DIETClassifier'],
    ],
  )
  t.deepEqual(Object.keys(entities[0] ?? {}), [
    'entity',
    'start',
    'end',
    'confidence_entity',
    'role',
    'confidence_role',
    'value',
    'extractor',
  ])
})

test('things in a list are separate entities', async t => {
  const { pipeline } = await trainAndLoad(toConfigs(...PIPELINE, 'DIETClassifier'), DATA)
  const { entities } = await pipeline.parse('buy plums, apples')
  t.deepEqual(
    entities.map(({ value }) => value),
    ['plums', 'apples'],
  )
})

test('each half can be switched off', async t => {
  const only = async (options: Record<string, boolean>) => {
    const { pipeline } = await trainAndLoad(toConfigs(...PIPELINE, ['DIETClassifier', options]), DATA)
    return pipeline.parse('fly me from Oslo to Rome')
  }
  t.deepEqual((await only({ entity_recognition: false })).entities, [])
  const entitiesOnly = await only({ intent_classification: false })
  t.is(entitiesOnly.intent.name, null)
  t.is(entitiesOnly.intent_ranking, undefined)
  t.is(entitiesOnly.entities.length, 2)
})

test('the ranking is as long as the config says', async t => {
  const { pipeline } = await trainAndLoad(
    toConfigs(...PIPELINE, ['DIETClassifier', { ranking_length: 2, renormalize_confidences: true }]),
    DATA,
  )
  const ranking = (await pipeline.parse('hello')).intent_ranking ?? []
  t.is(ranking.length, 2)
  t.true(Math.abs(ranking.reduce((sum, { confidence = 0 }) => sum + confidence, 0) - 1) < 1e-9)
})

test('a single intent is pointed out, and entities are learned all the same', async t => {
  const data = { ...DATA, examples: DATA.examples.filter(({ intent }) => intent === 'book') }
  const { pipeline, warnings } = await trainAndLoad(toConfigs(...PIPELINE, 'DIETClassifier'), data)
  t.deepEqual(
    warnings.map(({ code }) => code),
    ['nlu.too-few-intents'],
  )
  const parsed = await pipeline.parse('travel to Oslo')
  t.is(parsed.intent.name, null)
  t.is(parsed.entities[0]?.value, 'Oslo')
})

test('an annotation that cuts through a word is pointed out with its words', async t => {
  const [example] = DATA.examples.filter(({ text }) => text.startsWith('a flight'))
  const broken = { text: '', ...example, entities: [{ start: 2, end: 5, entity: 'city', value: 'fli' }] }
  const { warnings } = await trainAndLoad(toConfigs(...PIPELINE, 'DIETClassifier'), {
    ...DATA,
    examples: [...DATA.examples, broken],
  })
  t.deepEqual(
    warnings.map(({ code }) => code),
    ['nlu.misaligned-entity'],
  )
})

test('the same data and seed give the same model, byte for byte', async t => {
  const bytes = async () => {
    const pipeline = await trainPipeline(toConfigs(...PIPELINE, 'DIETClassifier'), DATA, {
      language: 'en',
      seed: 3,
    })
    return pipeline.save().map(({ part }) => encodePart(part))
  }
  t.deepEqual(await bytes(), await bytes())
})
