import test from 'ava'
import type { ExecutionContext } from 'ava'
import { callbackReceiver, PROJECT, trainingServer } from '../../test/training.ts'
import type { Call } from '../../test/serve.ts'
import type { ServerOptions } from '../config/server-options.ts'

/** Each example is understood as itself. */
const KNOWING = PROJECT.replace('LogisticRegressionClassifier', 'KeywordIntentClassifier')
const YAML = { 'content-type': 'application/x-yaml' }
const STORIES = `
stories:
  - story: right
    steps:
      - user: hi
        intent: greet
      - action: utter_greet
  - story: wrong
    steps:
      - user: see you
        intent: greet
      - action: utter_greet
      - intent: bye
      - action: utter_greet
`
const EXAMPLES = `
nlu:
  - intent: greet
    examples: |
      - hi
      - see you
  - intent: bye
    examples: |
      - bye
      - [see](look) you
`
const NLU_JSON = JSON.stringify({
  rasa_nlu_data: {
    common_examples: [
      { text: 'hi', intent: 'greet', entities: [] },
      { text: 'bye', intent: 'bye', entities: [] },
    ],
  },
})

/** A server whose model is the trained project. */
async function withModel(
  t: ExecutionContext,
  options: ServerOptions = {},
): Promise<{ call: Call; file: string }> {
  const { call, folder } = await trainingServer(t, options)
  const trained = await call('POST', '/model/train', KNOWING)
  const file = trained.headers.get('filename') ?? ''
  t.is((await call('PUT', '/model', { model_file: file })).status, 204)
  // Of a folder the newest model is loaded, as in Rasa.
  t.is((await call('PUT', '/model', { model_file: folder })).status, 204)
  return { call, file }
}

test('stories of a request are played against the model, and the report has the shape that Rasa gives', async t => {
  const { call } = await withModel(t)
  const { status, body, text } = await call('POST', '/model/test/stories', STORIES)
  t.is(status, 200, text)
  const { report, actions, ...rest } = body as {
    report: Record<string, unknown>
    actions: readonly unknown[]
    accuracy: unknown
  }
  t.like(rest, { in_training_data_fraction: 1, is_end_to_end_evaluation: false })
  t.like(report, { utter_greet: { recall: 2 / 3, support: 3 }, action_listen: { support: 3 } })
  t.false('conversation_accuracy' in report)
  t.is(rest.accuracy, report['accuracy'])
  t.is(actions.length, 6)
  t.deepEqual(actions[0], {
    action: 'utter_greet',
    predicted: 'utter_greet',
    policy: 'RulePolicy',
    confidence: 1,
  })

  const endToEnd = await call('POST', '/model/test/stories?e2e=true', STORIES)
  t.like(endToEnd.body, { is_end_to_end_evaluation: true })
  // Two greetings, of which one is understood as a goodbye, and a goodbye without words.
  t.like((endToEnd.body as { report: object }).report, {
    greet: { recall: 0.5, support: 2 },
    bye: { precision: 0.5, support: 1 },
  })
})

test('examples of a request are understood by the model at hand or by a named one, from YAML and from JSON', async t => {
  const { call, file } = await withModel(t)
  const answer = await call('POST', '/model/test/intents', EXAMPLES, YAML)
  t.is(answer.status, 200, answer.text)
  const { intent_evaluation: intents, ...rest } = answer.body as {
    intent_evaluation: { predictions: readonly unknown[]; errors: readonly unknown[] }
  }
  t.like(intents, { accuracy: 0.75, report: { greet: { confused_with: { bye: 1 } } } })
  t.like(intents.predictions[0], { text: 'hi', intent: 'greet', predicted: 'greet' })
  t.like(intents.errors, [{ text: 'see you', intent: 'greet', intent_prediction: { name: 'bye' } }])
  // Entities are annotated and nothing extracts any.
  t.deepEqual(rest, { entity_evaluation: {}, response_selection_evaluation: null })
  const named = await call('POST', `/model/test/intents?model=${file}`, EXAMPLES, YAML)
  t.deepEqual(named.body, answer.body)
  const fromJson = await call('POST', '/model/test/intents', NLU_JSON)
  t.like(fromJson.body, { intent_evaluation: { accuracy: 1 }, entity_evaluation: null })
})

test('a cross-validation is trained beside the conversations, and its figures are posted to callback_url', async t => {
  const { host, next } = await callbackReceiver(t)
  const { call } = await trainingServer(t, { innerHosts: [host] })
  const url = encodeURIComponent(`http://${host}/done`)
  const path = `/model/test/intents?cross_validation_folds=2&callback_url=${url}`
  t.is((await call('POST', path, PROJECT, YAML)).status, 204)
  const result = JSON.parse((await next()).body.toString()) as Record<string, { errors: unknown[] }>
  t.deepEqual(Object.keys(result), [
    'intent_evaluation',
    'entity_evaluation',
    'response_selection_evaluation',
  ])
  t.like(result['intent_evaluation'], { report: { greet: { support: 2 }, bye: { support: 2 } } })
  t.deepEqual(result['entity_evaluation'], {
    report: {},
    precision: null,
    f1_score: null,
    errors: [],
  } as never)

  t.is((await call('POST', path, EXAMPLES.replace('nlu', 'story'), YAML)).status, 204)
  t.like(JSON.parse((await next()).body.toString()), { code: 400 })
})

test('what cannot be tested is the caller’s 4xx with Rasa’s reason', async t => {
  const { call } = await withModel(t)
  const intents = '/model/test/intents'
  const folds = (count: string): string => `${intents}?cross_validation_folds=${count}`
  const cases: [path: string, body: string, headers: HeadersInit, reason: string, message: RegExp][] = [
    ['/model/test/stories', '', YAML, 'BadRequest', /stories in the body/],
    ['/model/test/stories', 'a: [', YAML, 'BadRequest', /data.yml:1/],
    ['/model/test/stories', 'just text', YAML, 'BadRequest', /stories:/],
    [intents, '- a', YAML, 'BadRequest', /nlu:/],
    [intents, '', YAML, 'BadRequest', /NLU data in the body/],
    [intents, 'a: [', YAML, 'BadRequest', /data.yml:1/],
    [intents, '[1]', {}, 'TestingError', /rasa_nlu_data/],
    [intents, EXAMPLES, { 'content-type': 'application/x-yaml; charset=utf-8' }, 'BadRequest', /json/],
    [folds('2'), NLU_JSON, {}, 'TestingError', /x-yaml/],
    [folds('x'), PROJECT, YAML, 'TestingError', /whole number/],
    [folds('1'), PROJECT, YAML, 'TestingError', /at least 2/],
    [`${intents}?model=nosuch.tar.gz`, EXAMPLES, YAML, 'TestingError', /nosuch/],
    [`${intents}?model=../../etc/passwd`, EXAMPLES, YAML, 'TestingError', /passwd/],
  ]
  for (const [path, body, headers, reason, message] of cases) {
    const answer = await call('POST', path, body, headers)
    t.is(answer.status, 400, `${path} ${body} ${answer.text}`)
    t.like(answer.body, { reason }, answer.text)
    t.regex((answer.body as { message: string }).message, message)
  }
})

test('a model that is no file here is not tested, and says what to do', async t => {
  const { call } = await trainingServer(t)
  const { status, body } = await call('POST', '/model/test/stories', STORIES)
  t.is(status, 409)
  t.regex((body as { message: string }).message, /PUT \/model/)
})
