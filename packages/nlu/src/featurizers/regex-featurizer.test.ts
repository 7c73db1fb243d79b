import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { createMessage } from '../message.ts'
import { splitIntoTokens } from '../tokenizers/whitespace-tokenizer.ts'
import { regexFeaturizer } from './regex-featurizer.ts'

const context = { language: 'en', index: 3, seed: 1, warn: () => undefined }
const DATA = readExamples(`
- regex: zip
  examples: |
    - [0-9]{5}
- lookup: city
  examples: |
    - new york
`)

test('tokens that a pattern touches are marked, after loading too', async t => {
  const trained = regexFeaturizer.create(regexFeaturizer.defaults, context)
  await trained.train?.([], DATA, context)
  const loaded = regexFeaturizer.load(trained.save(), regexFeaturizer.defaults, context)
  const message = { ...createMessage('to new york 12345'), tokens: splitIntoTokens('to new york 12345') }
  await loaded.process(message)
  const [features] = message.features
  t.is(features?.origin, 'RegexFeaturizer.3')
  t.is(features?.width, 2)
  t.deepEqual(
    features?.sequence?.map(({ indices }) => [...indices]),
    [[], [1], [1], [0]],
  )
  t.deepEqual([...(features?.sentence?.indices ?? [])], [0, 1])
})
