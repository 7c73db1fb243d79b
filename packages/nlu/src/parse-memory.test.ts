import test from 'ava'
import fc from 'fast-check'
import type { ParseData } from '@tabula/protocol'
import { readExamples } from '../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../test/train.ts'
import { isRepeatable, ParseMemory } from './parse-memory.ts'

const DATA = readExamples(
  '- intent: greet\n  examples: |\n    - hello [bob](name)\n    - hi there\n- intent: bye\n  examples: |\n    - good bye\n    - see you\n',
)
const CONFIG = toConfigs('WhitespaceTokenizer', 'CountVectorsFeaturizer', 'LogisticRegressionClassifier')

test('a text that was asked before is answered as if it were new, whatever was done with the first answer', async t => {
  const { pipeline } = await trainAndLoad(CONFIG, DATA)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 120 }), async text => {
      const first = await pipeline.parse(text)
      const written = JSON.stringify(first)
      if (!Object.isFrozen(first)) {
        Object.assign(first.intent, { name: 'changed' })
        ;(first.entities as unknown[]).push('changed')
      }
      const again = await pipeline.parse(`${text} `)
      t.is(JSON.stringify(again), written)
      const isRemembered = (again.text ?? '').length <= 100
      t.is(again === (await pipeline.parse(text)), isRemembered)
      if (!isRemembered) return
      t.throws(() => Object.assign(again.intent, { name: 'changed' }), { instanceOf: TypeError })
      t.throws(() => (again.entities as unknown[]).push('changed'), { instanceOf: TypeError })
    }),
    { numRuns: 50 },
  )
})

test('what is remembered is bounded, and the texts that are asked again stay', t => {
  const memory = new ParseMemory()
  const parsed = (text: string): ParseData => ({ text, intent: { name: null, confidence: 0 }, entities: [] })
  for (let each = 0; each < 3000; each += 1) {
    memory.keep(`text ${each}`, parsed(`text ${each}`))
    t.not(memory.recall('text 0'), null)
  }
  t.is(memory.recall('text 1999'), null)
  t.deepEqual(memory.recall('text 2999'), parsed('text 2999'))
  const long = 'x'.repeat(10_000)
  memory.keep(long, parsed(long))
  t.is(memory.recall(long), null)
})

test("what the clock or a project's own code has a say in is asked anew each time", t => {
  t.true(isRepeatable(['WhitespaceTokenizer', 'DIETClassifier']))
  t.false(isRepeatable(['WhitespaceTokenizer', 'DucklingEntityExtractor']))
  t.false(isRepeatable(['WhitespaceTokenizer', './nlu/own.ts:Own']))
})
