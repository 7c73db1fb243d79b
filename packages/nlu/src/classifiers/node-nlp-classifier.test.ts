import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'
import { trainPipeline } from '../pipeline.ts'

const DATA = readExamples(
  '- intent: greet\n  examples: |\n    - hello there\n    - good morning\n- intent: bye\n  examples: |\n    - see you\n    - bye now\n',
)
const CONFIG = toConfigs('WhitespaceTokenizer', 'NodeNlpClassifier')

test("node-nlp's classifier answers in Rasa's shape, the same after loading", async t => {
  const trained = await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1 })
  const { pipeline } = await trainAndLoad(CONFIG, DATA)
  const answer = await pipeline.parse('hello good friend')
  t.deepEqual(answer, await trained.parse('hello good friend'))
  t.is(answer.intent.name, 'greet')
  t.is(answer.intent_ranking?.[0]?.name, 'greet')
})

test('two trainings give the same model', async t => {
  const once = await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1 })
  const again = await trainPipeline(CONFIG, DATA, { language: 'en', seed: 1 })
  t.deepEqual(again.save(), once.save())
})
