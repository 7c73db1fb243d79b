import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { tinyOnnx } from '../../test/tiny-onnx.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'
import { checkPipeline } from '../check-pipeline.ts'
import { createMessage } from '../message.ts'
import { hasPackage } from '../optional-package.ts'
import { onnxFeaturizer } from './language-model-featurizer.ts'
import { wordPieces } from './word-piece.ts'

const DATA = readExamples(
  '- intent: a\n  examples: |\n    - cat\n    - kitten\n- intent: b\n  examples: |\n    - car\n    - truck\n',
)
const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'cat', 'kit', '##ten', 'car', 'truck']
const TABLE = VOCABULARY.map((_, piece) => [piece, 1])
const run = hasPackage('onnxruntime-node') ? test : test.skip

function encoderFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-onnx-'))
  writeFileSync(join(folder, 'model.onnx'), tinyOnnx(TABLE))
  writeFileSync(join(folder, 'vocab.txt'), VOCABULARY.join('\n'))
  return folder
}

test('words are cut into the longest pieces of the vocabulary, unknown ones are one piece', t => {
  const vocabulary = new Map(VOCABULARY.map((word, index) => [word, index]))
  const pieces = (text: string, limit = 512) => wordPieces(text, { vocabulary, lowercase: true, limit })
  t.deepEqual(pieces('Kitten cát dog'), [2, 5, 6, 4, 1, 3])
  t.deepEqual(pieces('cat cat cat cat', 4), [2, 4, 4, 3])
})

run('a local ONNX encoder gives each message the mean of its pieces, without any warning', async t => {
  const options = { model_weights: encoderFolder() }
  t.deepEqual(checkPipeline(toConfigs('WhitespaceTokenizer', ['LanguageModelFeaturizer', options]), 'en'), [])
  const context = { language: 'en', index: 1, seed: 1, warn: () => undefined }
  const message = createMessage('kitten')
  await onnxFeaturizer.create({ ...onnxFeaturizer.defaults, ...options }, context).process(message)
  t.deepEqual(message.features[0]?.dense, Float32Array.of((2 + 5 + 6 + 3) / 4, 1))
  const configs = toConfigs('WhitespaceTokenizer', ['LanguageModelFeaturizer', options], 'DIETClassifier')
  const { pipeline } = await trainAndLoad(configs, DATA)
  t.is((await pipeline.parse('cat')).intent.name, 'a')
})

test('without a local encoder the project trains, and the warning says what to write', async t => {
  const configs = toConfigs(
    'WhitespaceTokenizer',
    ['LanguageModelFeaturizer', { model_name: 'bert' }],
    'DIETClassifier',
  )
  const [problem] = checkPipeline(configs, 'en')
  t.is(problem?.code, 'config.stand-in')
  t.regex(problem?.hint ?? '', /SentenceVectorFeaturizer/)
  const { pipeline } = await trainAndLoad(configs, DATA)
  t.is((await pipeline.parse('cat')).intent.name, 'a')
})
