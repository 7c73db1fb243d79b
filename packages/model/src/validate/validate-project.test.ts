import test from 'ava'
import { formatProblem } from '@tabula/protocol'
import { type Files, readTinyBot, TINY_BOT } from '../../test/project-folder.ts'
import type { ExecutionContext } from 'ava'
import { type Finding, fails, trainModel, validateProject } from '../index.ts'

async function findings(t: ExecutionContext, files: Files): Promise<readonly Finding[]> {
  return validateProject(await readTinyBot(t, files))
}

function rule(...steps: readonly string[]): Files {
  const lines = steps.map(step => `      - ${step}\n`).join('')
  return { 'data/more.yml': `version: "3.1"\nrules:\n  - rule: more\n    steps:\n${lines}` }
}

function edited(file: string, from: string, to: string): Files {
  return { [file]: (TINY_BOT[file] ?? '').replace(from, to) }
}

test('a sound project is told nothing', async t => {
  t.deepEqual(await findings(t, {}), [])
})

test('a story with an intent that the domain lacks is named by line, with the nearest name, and trains all the same', async t => {
  const project = await readTinyBot(t, rule('intent: grete', 'action: utter_greet'))
  const found = validateProject(project)
  t.deepEqual(found.map(formatProblem), [
    "warning data/more.yml:5:9 The intent 'grete' is used in the rule 'more', but it is not listed in the domain. Did you mean 'greet'? [story.unknown-intent]",
  ])
  t.false(fails(found, false))
  t.true(fails(found, true))
  await t.notThrowsAsync(trainModel(project))
})

test('a response that the domain lacks is a warning by line, and trains all the same', async t => {
  const project = await readTinyBot(t, {
    'data/stories.yml': (TINY_BOT['data/stories.yml'] ?? '').replace('utter_greet', 'utter_missing'),
  })
  const [found, ...others] = validateProject(project)
  t.like(found, {
    severity: 'warning',
    code: 'story.unknown-action',
    position: { file: 'data/stories.yml', line: 6 },
  })
  t.deepEqual(
    others.map(({ code }) => code),
    ['response.unused'],
  )
  await t.notThrowsAsync(trainModel(project))
})

test('a response that only an action says is not called unused', async t => {
  const said = "dispatcher.utterMessage({ response: 'utter_goodbye' })"
  const codes = async (files: Files): Promise<string[]> =>
    validateProject(await readTinyBot(t, { 'data/rules.yml': null, ...files })).flatMap(
      ({ code, message }) => (message.includes('utter_goodbye') ? [code] : []),
    )
  t.deepEqual(await codes({}), ['response.unused'])
  t.deepEqual(await codes({ 'actions/say.ts': said }), [])
  t.deepEqual(await codes({ 'actions.py': 'dispatcher.utter_message(response="utter_goodbye")' }), [])
})

test('actions, forms and slots that the domain lacks stop a training', async t => {
  const found = await findings(
    t,
    rule(
      'intent: greet',
      'action: action_missing',
      'active_loop: missing_form',
      'slot_was_set:\n        - missing',
    ),
  )
  t.deepEqual(
    found
      .filter(({ severity }) => severity === 'error')
      .map(({ code, position }) => `${code} ${position?.line ?? ''}`),
    ['story.unknown-action 6', 'story.unknown-form 7', 'story.unknown-slot 9'],
  )
  t.true(fails(found, false))
})

test('what stands under or, in conditions and at checkpoints is checked too', async t => {
  const text = `version: "3.1"
rules:
  - rule: one
    condition:
      - slot_was_set:
          - nowhere
    steps:
      - or:
          - intent: unheard
          - intent: greet
      - action: utter_greet
stories:
  - story: two
    steps:
      - checkpoint: start
        slot_was_set:
          - elsewhere
      - intent: greet
      - action: restart
`
  const found = await findings(t, { 'data/more.yml': text })
  t.deepEqual(
    found.map(({ code, position }) => `${code} ${position?.line ?? ''}`),
    ['story.unknown-slot 17', 'story.unknown-slot 6', 'story.unknown-intent 9'],
  )
})

test('a form that asks for a slot that is not there stops a training, with its line', async t => {
  const forms = 'forms:\n  trip:\n    required_slots:\n      - city\n      - cite\n'
  const found = await findings(t, edited('domain.yml', 'responses:', `${forms}responses:`))
  t.like(found[0], {
    severity: 'error',
    code: 'domain.form-slot',
    position: { file: 'domain.yml', line: 17 },
  })
})

test('a mapping condition for a form that is not there, or does not ask for the slot, stops a training', async t => {
  const conditions =
    '        entity: city\n        conditions:\n          - active_loop: nowhere\n          - active_loop: trip\n'
  const domain = (TINY_BOT['domain.yml'] ?? '')
    .replace('        entity: city\n', conditions)
    .replace('responses:', 'forms:\n  trip:\n    required_slots: []\nresponses:')
  const found = await findings(t, { 'domain.yml': domain })
  t.deepEqual(
    found.map(({ code, position }) => `${code} ${position?.line ?? ''}`),
    ['domain.condition-form 14', 'domain.condition-slot 15'],
  )
})

test('examples of an unlisted intent, examples of two intents and intents without examples are warned of', async t => {
  const nlu = `version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
  - intent: unlisted
    examples: |
      - hello
`
  const found = await findings(t, { 'data/nlu.yml': nlu })
  t.deepEqual(
    found.map(
      ({ severity, code, position }) => `${severity} ${code} ${position?.file ?? ''}:${position?.line ?? ''}`,
    ),
    [
      'warning nlu.intent-not-in-domain data/nlu.yml:8',
      'warning nlu.two-intents data/nlu.yml:8',
      'warning intent.no-examples domain.yml:4',
    ],
  )
})

test('what no story uses is said, and never fails a training', async t => {
  const found = await findings(t, { 'data/rules.yml': null })
  t.deepEqual(
    found.map(({ code }) => code),
    ['intent.unused', 'response.unused'],
  )
  t.false(fails(found, true))
})

test('an empty domain stops a training', async t => {
  const found = await findings(t, { 'domain.yml': 'version: "3.1"\n' })
  t.deepEqual(
    found.map(({ code }) => code),
    ['domain.empty'],
  )
  t.true(fails(found, false))
})

test('a placeholder that no slot fills is told by line, with the nearest slot; one that an action may fill is not', async t => {
  const domain = (TINY_BOT['domain.yml'] ?? '').replace(
    /responses:\n/,
    'responses:\n  utter_city:\n    - text: "to {twon}, {{braces}}"\n',
  )
  const files = {
    'domain.yml': domain.replace(/^slots:\n/m, 'slots:\n  town:\n    type: text\n    mappings: []\n'),
    ...rule('intent: greet', 'action: utter_city'),
  }
  const codes = async (more: Files): Promise<string[]> =>
    (await findings(t, { ...files, ...more }))
      .filter(({ code }) => code === 'response.placeholder')
      .map(formatProblem)
  const [found = '', ...others] = await codes({})
  t.regex(
    found,
    /^warning domain\.yml:\d+:\d+ .*'utter_city' has the placeholder '\{twon\}'.*Did you mean '\{town\}'\?/,
  )
  t.deepEqual(others, [])
  t.deepEqual(await codes({ 'actions.py': 'dispatcher.utter_message(response="utter_city")' }), [])
})
