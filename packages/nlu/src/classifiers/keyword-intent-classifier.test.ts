import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'

const CONFIG = toConfigs('WhitespaceTokenizer', 'KeywordIntentClassifier')

async function intentOf(text: string, data: string, options = {}): Promise<unknown> {
  const configs = toConfigs(['KeywordIntentClassifier', options])
  return (await (await trainAndLoad(configs, readExamples(data))).pipeline.parse(text)).intent
}

const DATA = `
- intent: greet
  examples: |
    - hello
    - hi there?
- intent: bye
  examples: |
    - bye
    - see (you|ya)
`

test('the intent of an example that stands in the message is found, with full confidence and no ranking', async t => {
  const { pipeline } = await trainAndLoad(CONFIG, readExamples(DATA))
  t.deepEqual(await pipeline.parse('well, hello!'), {
    text: 'well, hello!',
    intent: { name: 'greet', confidence: 1 },
    entities: [],
    text_tokens: [
      [0, 4],
      [6, 11],
    ],
  })
})

test('examples are expressions between word boundaries, as in Rasa', async t => {
  t.deepEqual(await intentOf('see ya', DATA), { name: 'bye', confidence: 1 })
  t.deepEqual(await intentOf('hi the', DATA), { name: null, confidence: 0 })
  t.deepEqual(await intentOf('hi there', DATA), { name: 'greet', confidence: 1 })
  t.deepEqual(await intentOf('goodbye', DATA), { name: null, confidence: 0 })
  t.deepEqual(await intentOf('HELLO', DATA), { name: null, confidence: 0 })
  t.deepEqual(await intentOf('HELLO', DATA, { case_sensitive: false }), { name: 'greet', confidence: 1 })
})

test('what two intents share belongs to neither, and the author is told', async t => {
  const shared = `${DATA}- intent: other\n  examples: |\n    - hello\n    - oh bye now\n`
  const { pipeline, warnings } = await trainAndLoad(CONFIG, readExamples(shared))
  t.deepEqual((await pipeline.parse('hello')).intent, { name: null, confidence: 0 })
  t.deepEqual((await pipeline.parse('bye')).intent, { name: null, confidence: 0 })
  t.deepEqual((await pipeline.parse('oh bye now')).intent, { name: 'other', confidence: 1 })
  t.deepEqual(warnings.map(({ code }) => code).sort(), ['nlu.keyword-ambiguous', 'nlu.keyword-duplicate'])
})

test('an example with a stray bracket still trains, taken as plain text', async t => {
  const data = '- intent: sad\n  examples: |\n    - oh no :( really\n'
  const { pipeline, warnings } = await trainAndLoad(CONFIG, readExamples(data))
  t.deepEqual(
    warnings.map(({ code }) => code),
    ['nlu.regex-invalid'],
  )
  t.deepEqual((await pipeline.parse('oh no :( really')).intent, { name: 'sad', confidence: 1 })
})
