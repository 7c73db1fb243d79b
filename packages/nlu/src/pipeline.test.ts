import test from 'ava'
import { ProjectError } from '@tabula/protocol'
import { readExamples } from '../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../test/train.ts'
import type { PipelineProgress } from './pipeline.ts'
import { loadPipeline, trainPipeline } from './pipeline.ts'

const DATA = readExamples(
  '- intent: greet\n  examples: |\n    - hello [bob](name)\n- regex: name\n  examples: |\n    - bob|eve\n',
)
const CONFIG = toConfigs(
  'WhitespaceTokenizer',
  'RegexEntityExtractor',
  'KeywordIntentClassifier',
  'FallbackClassifier',
)

test("a message's answer has Rasa's keys in Rasa's order, and its text trimmed", async t => {
  const { pipeline } = await trainAndLoad(CONFIG, DATA)
  const answer = await pipeline.parse('  hello bob \n')
  t.is(
    JSON.stringify(answer),
    JSON.stringify({
      text: 'hello bob',
      intent: { name: 'greet', confidence: 1.0 },
      entities: [{ entity: 'name', start: 6, end: 9, value: 'bob', extractor: 'RegexEntityExtractor' }],
      text_tokens: [
        [0, 5],
        [6, 9],
      ],
    }),
  )
})

test('an empty message is a normal one', async t => {
  const { pipeline } = await trainAndLoad(toConfigs('WhitespaceTokenizer'), DATA)
  t.deepEqual(await pipeline.parse(' '), {
    text: '',
    intent: { name: null, confidence: 0 },
    entities: [],
    text_tokens: [[0, 0]],
  })
})

test('progress names each component, and a cancelled training stops', async t => {
  const seen: PipelineProgress[] = []
  await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1, onProgress: event => seen.push(event) })
  t.deepEqual(seen.map(({ component, index, fraction }) => `${index} ${component} ${fraction}`).slice(0, 3), [
    '0 WhitespaceTokenizer 0',
    '0 WhitespaceTokenizer 1',
    '1 RegexEntityExtractor 0',
  ])
  const stop = new AbortController()
  await t.throwsAsync(
    trainPipeline(CONFIG, DATA, {
      language: 'en',
      seed: 1,
      signal: stop.signal,
      onProgress: () => {
        stop.abort()
      },
    }),
    { name: 'AbortError' },
  )
})

test('a part of an earlier training is taken as it is', async t => {
  const first = await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1 })
  const reuse = first.save().map(({ part }, index) => (index === 2 ? part : undefined))
  const again = await trainPipeline(CONFIG, { ...DATA, examples: [] }, { language: 'en', seed: 1, reuse })
  t.deepEqual((await again.parse('hello bob')).intent, { name: 'greet', confidence: 1 })
})

test('the same data gives the same saved parts', async t => {
  const save = async () => (await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1 })).save()
  t.deepEqual(await save(), await save())
})

test('an expression that could hang the bot is named with its line', async t => {
  const position = { file: 'nlu.yml', line: 7, column: 5 }
  const data = { ...DATA, regexes: [{ name: 'name', pattern: '(?=(a+)+b)', position }] }
  const error = await t.throwsAsync(trainPipeline(CONFIG, data, { language: 'en', seed: 1 }), {
    instanceOf: ProjectError,
  })
  t.deepEqual(error.problems[0]?.position, position)
  t.is(error.problems[0]?.code, 'nlu.regex-unsafe')
})

test('a model of another pipeline is not loaded', async t => {
  const trained = await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1 })
  t.throws(() => loadPipeline(toConfigs('KeywordIntentClassifier'), trained.save(), { language: 'en' }), {
    message: /holds 'WhitespaceTokenizer' where its pipeline has 'KeywordIntentClassifier'/,
  })
})
