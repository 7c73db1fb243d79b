import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'

const PLAIN = readExamples('- intent: greet\n  examples: |\n    - hello\n')
const ANNOTATED = readExamples(
  '- intent: order\n  examples: |\n    - one [latte](drink) please\n    - a [mocha](drink) for me\n    - I want a [latte](drink)\n    - bring a [tea](drink) please\n',
)

test("names and amounts come under spaCy's labels, with Rasa's keys in their order", async t => {
  const { pipeline } = await trainAndLoad(
    toConfigs('SpacyNLP', 'SpacyTokenizer', 'SpacyEntityExtractor'),
    PLAIN,
  )
  const { entities } = await pipeline.parse('Angela Merkel flew to Berlin with Google for 20 dollars')
  t.deepEqual(
    entities.map(({ entity, value }) => [entity, value]),
    [
      ['PERSON', 'Angela Merkel'],
      ['GPE', 'Berlin'],
      ['ORG', 'Google'],
      ['MONEY', '20 dollars'],
    ],
  )
  t.deepEqual(Object.keys(entities[0] ?? {}).sort(), [
    'confidence',
    'end',
    'entity',
    'extractor',
    'start',
    'value',
  ])
  t.is(entities[0]?.['confidence'], null)
})

test('dimensions choose among them', async t => {
  const configs = toConfigs('WhitespaceTokenizer', ['SpacyEntityExtractor', { dimensions: ['GPE'] }])
  const { pipeline } = await trainAndLoad(configs, PLAIN)
  const { entities } = await pipeline.parse('Angela Merkel flew to Vienna, Austria')
  t.deepEqual(
    entities.map(({ value }) => value),
    ['Vienna', 'Austria'],
  )
})

test("MITIE's stand-in learns the annotated entities, and without any finds names", async t => {
  const configs = toConfigs('MitieNLP', 'MitieTokenizer', 'MitieEntityExtractor')
  const learned = await trainAndLoad(configs, ANNOTATED)
  t.deepEqual((await learned.pipeline.parse('bring a latte please')).entities, [
    {
      entity: 'drink',
      start: 8,
      end: 13,
      value: 'latte',
      extractor: 'MitieEntityExtractor',
      confidence: null,
    },
  ])
  const plain = await trainAndLoad(configs, PLAIN)
  t.is((await plain.pipeline.parse('I met Angela Merkel')).entities[0]?.entity, 'PERSON')
})
