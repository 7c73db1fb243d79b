import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs } from '../../test/train.ts'
import { loadPipeline, trainPipeline } from '../pipeline.ts'

const DATA = readExamples(
  '- intent: a\n  examples: |\n    - die Katzen laufen\n- intent: b\n  examples: |\n    - ein Haus\n',
)

async function tokens(text: string, language: string): Promise<string[]> {
  const configs = toConfigs('NodeNlpTokenizer')
  const trained = await trainPipeline(configs, DATA, { language, seed: 1 })
  const pipeline = loadPipeline(configs, trained.save(), { language })
  const points = Array.from(text)
  return ((await pipeline.parse(text)).text_tokens ?? []).map(([start, end]) =>
    points.slice(start, end).join(''),
  )
}

test('words of many languages are found at their places', async t => {
  t.deepEqual(await tokens('Die Katzen laufen, schnell!', 'de'), ['Die', 'Katzen', 'laufen', 'schnell'])
  t.deepEqual(await tokens('les chats de la maison', 'fr'), ['les', 'chats', 'de', 'la', 'maison'])
  t.deepEqual(await tokens("don't stop", 'en'), ['don', 't', 'stop'])
  t.deepEqual(await tokens('我想订机票', 'zh'), ['我想', '订', '机票'])
})

test('a stem counts for every form of its word', async t => {
  const configs = toConfigs('NodeNlpTokenizer', 'CountVectorsFeaturizer', 'DIETClassifier')
  const trained = await trainPipeline(configs, DATA, { language: 'de', seed: 1 })
  t.is((await trained.parse('Katze')).intent.name, 'a')
})

test('a language that it does not know is refused with those that it does', async t => {
  await t.throwsAsync(tokens('x', 'tlh'), { message: /the language is "tlh".*ar, bn, ca/ })
})
