import test from 'ava'
import { CodedError } from '@tabula/protocol'
import { FORMAT, metadataOf } from './metadata.ts'

const GOOD = {
  format: FORMAT,
  model_id: 'a',
  assistant_id: 'b',
  language: 'en',
  training_type: 'both',
  trained_at: '2026-01-01T00:00:00.000Z',
  trained_by: 'Tabula 1',
  project: 'c',
  seed: 1,
  components: [{ kind: 'nlu', name: 'WhitespaceTokenizer', options: {}, file: 'components/a.part' }],
}

function codeOf(files: Readonly<Record<string, unknown>>): string {
  try {
    metadataOf(
      new Map(
        Object.entries(files).map(([path, value]) => [
          path,
          Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
        ]),
      ),
      'model.tar.gz',
    )
    return 'fine'
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return `${error.status} ${error.code}`
  }
}

test('a model says what it is', t => {
  t.is(codeOf({ 'metadata.json': GOOD }), 'fine')
})

test("a model of Rasa's is told as such, with or without its metadata", t => {
  t.is(
    codeOf({ 'metadata.json': { rasa_open_source_version: '3.6.21', model_id: 'x' } }),
    '400 model.of-rasa',
  )
  t.is(codeOf({ 'components/train_DIETClassifier5/DIETClassifier.tf_model': 'x' }), '400 model.of-rasa')
  t.is(codeOf({ 'components/run_RegexMessageHandler/x': 'x' }), '400 model.of-rasa')
})

test('a model of another format, or with broken metadata, is refused in words', t => {
  t.is(codeOf({ 'metadata.json': { ...GOOD, format: FORMAT + 1 } }), '400 model.format')
  for (const broken of [
    '{',
    '[]',
    'null',
    { ...GOOD, model_id: 3 },
    { ...GOOD, components: [{ kind: 'nlu' }] },
    { ...GOOD, components: {} },
  ])
    t.is(codeOf({ 'metadata.json': broken }), '400 model.unreadable', JSON.stringify(broken))
  t.is(codeOf({}), '400 model.unreadable')
})
