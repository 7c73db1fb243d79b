import test from 'ava'
import { createMessage } from '../message.ts'
import { splitIntoTokens } from '../tokenizers/whitespace-tokenizer.ts'
import type { TrainingMessage } from '../component.ts'
import { lexicalSyntacticFeaturizer } from './lexical-syntactic-featurizer.ts'

const context = { language: 'en', index: 1, seed: 1, warn: () => undefined }

function message(text: string): TrainingMessage {
  return { ...createMessage(text), tokens: splitIntoTokens(text), example: { text, entities: [] } }
}

const EMPTY = { examples: [], synonyms: new Map(), regexes: [], lookups: [], responses: new Map() }

test('columns tell how a token and its neighbours are written, and are the same after loading', async t => {
  const options = { features: [['upper'], ['BOS', 'title', 'digit', 'suffix2'], []] }
  const trained = lexicalSyntacticFeaturizer.create(options, context)
  await trained.train?.([message('Hello World 12')], EMPTY, context)
  const saved = trained.save()
  const names = (saved.header['columns'] as [string, number][]).map(([name]) => name)
  t.deepEqual(names, [
    '0 upper False',
    '1 BOS False',
    '1 BOS True',
    '1 digit False',
    '1 digit True',
    '1 suffix2 12',
    '1 suffix2 ld',
    '1 suffix2 lo',
    '1 title False',
    '1 title True',
  ])
  const one = message('Hello USA 34')
  await lexicalSyntacticFeaturizer.load(saved, options, context).process(one)
  const rows = one.features[0]?.sequence?.map(({ indices }) => Array.from(indices, index => names[index]))
  t.deepEqual(rows, [
    ['1 BOS True', '1 digit False', '1 suffix2 lo', '1 title True'],
    ['0 upper False', '1 BOS False', '1 digit False', '1 title False'],
    ['1 BOS False', '1 digit True', '1 title False'],
  ])
  t.is(one.features[0]?.sentence, null)
})

test('an unknown feature is refused with the list of those known', t => {
  t.throws(() => lexicalSyntacticFeaturizer.create({ features: [['lower']] }, context), {
    message: /BOS, EOS, digit, low/,
  })
})
