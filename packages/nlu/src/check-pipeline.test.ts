import test from 'ava'
import type { ConfigEntry } from '../test/train.ts'
import { toConfigs } from '../test/train.ts'
import { checkPipeline } from './check-pipeline.ts'
import { COMPONENT_NAMES } from './components.ts'

const check = (...entries: ConfigEntry[]): string[] =>
  checkPipeline(toConfigs(...entries), 'en').map(
    ({ severity, code, message, hint }) => `${severity} ${code} ${message} ${hint ?? ''}`,
  )

test('a misspelt name is answered with the right one, at its place', t => {
  const position = { file: 'config.yml', line: 4, column: 9 }
  const [problem] = checkPipeline([{ name: 'WhitespaceTokeniser', options: {}, position }], 'en')
  t.deepEqual(problem, {
    severity: 'error',
    code: 'config.unknown-component',
    message: "There is no pipeline component 'WhitespaceTokeniser'.",
    hint: "Did you mean 'WhitespaceTokenizer'?",
    position,
  })
})

test('names of older releases, of Python components and nonsense each get their own advice', t => {
  t.regex(check('tokenizer_whitespace')[0] ?? '', /called 'WhitespaceTokenizer' now/)
  t.regex(check('components.Sentiment')[0] ?? '', /Python cannot be run/)
  t.regex(check('Qqqqq')[0] ?? '', /Known are: /)
})

test('a component without what it needs is an error before anything is trained', t => {
  t.regex(check('RegexFeaturizer')[0] ?? '', /error config.missing-component .*needs a tokenizer/)
  t.regex(check('FallbackClassifier')[0] ?? '', /needs a classifier/)
  t.regex(check('WhitespaceTokenizer', 'WhitespaceTokenizer')[0] ?? '', /second tokenizer/)
})

const SPACY_PIPELINE: readonly ConfigEntry[] = [
  ['SpacyNLP', { model: 'en_core_web_md' }],
  'SpacyTokenizer',
  ['SpacyFeaturizer', { pooling: 'max' }],
  'DIETClassifier',
]

test('a component whose engine is not here warns once, with what stands in, what differs and what to write', t => {
  const problems = checkPipeline(toConfigs(...SPACY_PIPELINE), 'en')
  t.deepEqual(
    problems.map(({ severity, code }) => `${severity} ${code}`),
    ['warning config.stand-in', 'warning config.stand-in', 'warning config.stand-in'],
  )
  t.regex(
    problems[1]?.message ?? '',
    /'SpacyTokenizer' is of spaCy.* in its place stands WhitespaceTokenizer\. Words may/,
  )
  t.regex(problems[1]?.hint ?? '', /Write 'WhitespaceTokenizer'/)
})

test('--strict refuses the same components in the same words', t => {
  const lax = checkPipeline(toConfigs(...SPACY_PIPELINE), 'en')
  const strict = checkPipeline(toConfigs(...SPACY_PIPELINE), 'en', { strict: true })
  t.true(strict.every(({ severity }) => severity === 'error'))
  t.deepEqual(
    strict.map(({ message, hint }) => [message, hint]),
    lax.map(({ message, hint }) => [message, hint]),
  )
})

test('a misspelt option is a warning, a value that cannot work an error', t => {
  t.regex(
    check(['KeywordIntentClassifier', { case_sensitiv: false }])[0] ?? '',
    /warning .*Did you mean 'case_sensitive'/,
  )
  t.regex(check(['WhitespaceTokenizer', { token_pattern: '(' }])[0] ?? '', /error nlu.regex-invalid/)
})

test('a language without spaces is not split at spaces', t => {
  t.is(checkPipeline(toConfigs('WhitespaceTokenizer'), 'zh')[0]?.code, 'config.language')
})

test("Rasa's own class paths are known, and every name is its own best spelling", t => {
  t.deepEqual(check('rasa.nlu.tokenizers.whitespace_tokenizer.WhitespaceTokenizer'), [])
  t.true(COMPONENT_NAMES.includes('ResponseSelector'))
})
