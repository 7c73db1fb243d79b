import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'

const DATA = readExamples(`
- intent: order_pizza
  examples: |
    - i want a pizza with mushrooms
    - one margherita please
    - can i order a large pizza
    - a pizza with extra cheese please
    - i would like to order two pizzas
- intent: track_order
  examples: |
    - where is my pizza
    - when does my order arrive
    - how long until my order is here
    - is my pizza on the way
    - track my order
- intent: opening_hours
  examples: |
    - when do you open
    - what are your opening hours
    - are you open on sunday
    - until when are you open tonight
    - opening times please
`)

const PIPELINE = toConfigs('WhitespaceTokenizer', 'CountVectorsFeaturizer', 'DIETClassifier')
const BESIDE = [
  'my grandmother plays the violin in an orchestra',
  'explain the treaty between france and spain',
  'the cat sleeps under the old wooden chair',
]
const OWN = ['a pizza with mushrooms please', 'when will my order arrive', 'are you open on monday']

test('a message beside the subject of the bot is less sure than one that belongs to it', async t => {
  const { pipeline } = await trainAndLoad(PIPELINE, DATA)
  const sure = async (texts: readonly string[]): Promise<number[]> =>
    Promise.all(texts.map(async text => (await pipeline.parse(text)).intent.confidence ?? 0))
  t.true(Math.max(...(await sure(BESIDE))) < Math.min(...(await sure(OWN))))
})

test('confidences keep their order, are probabilities, and sum to no more than one', async t => {
  const { pipeline } = await trainAndLoad(PIPELINE, DATA)
  for (const text of [...BESIDE, ...OWN, '', '???']) {
    const { intent, intent_ranking: ranking = [] } = await pipeline.parse(text)
    const confidences = ranking.map(({ confidence = 0 }) => confidence)
    t.deepEqual(
      confidences,
      confidences.toSorted((a, b) => b - a),
    )
    t.is(confidences[0], intent.confidence)
    t.true(confidences.every(confidence => confidence >= 0 && confidence <= 1))
    t.true(confidences.reduce((sum, confidence) => sum + confidence, 0) <= 1 + 1e-6)
  }
})
