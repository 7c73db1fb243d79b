// bot test core --actions: test stories as conversations whose actions run.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startActionServer } from '@tabula/action-sdk'
import test from 'ava'
import { quickBot, tinyBot } from './bot.ts'

const TESTS = `version: "3.1"
stories:
- story: look in Rome
  steps:
  - user: |
      see you in [Rome](city)
    intent: goodbye
  - slot_was_set:
    - city: Oslo
  - action: action_look
  - action: utter_goodbye
- story: greet
  steps:
  - intent: greet
  - action: utter_greet
`

const FILES = {
  'data/stories.yml': null,
  'data/rules.yml': `version: "3.1"
rules:
- rule: look, then say goodbye
  steps:
  - intent: goodbye
  - action: action_look
  - action: utter_goodbye
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
`,
  'tests/test_look.yml': TESTS,
}

const ACTIONS = `export const look = {
  name: 'action_look',
  run: () => [{ event: 'slot', name: 'city', value: 'Oslo' }],
}
`

test('real actions run and can be recorded; the recording, and a stub with the same answers, give the same result', async t => {
  const folder = await tinyBot(t, { ...FILES, 'actions/look.mjs': ACTIONS })
  await quickBot(['train'], { folder })
  const real = await quickBot(['test', 'core', '--actions', 'real', '--record-actions', 'tape.json'], {
    folder,
  })
  t.is(real.status, 0, real.stderr)
  t.regex(real.stdout, /Conversations right: 2 of 2/)
  const tape = JSON.parse(await readFile(join(folder, 'tape.json'), 'utf8')) as Record<string, unknown>
  t.like(tape, {
    stories: {
      'look in Rome': { action_look: [{ events: [{ event: 'slot', name: 'city', value: 'Oslo' }] }] },
    },
  })
  const recorded = await quickBot(['test', 'core', '--actions', 'tape.json', '--fail-on-prediction-errors'], {
    folder,
  })
  t.is(recorded.status, 0, recorded.stdout)
})

test('with stubs the slot stays as it was: the step is told with its place, and fails the test only where that is asked', async t => {
  const folder = await tinyBot(t, FILES)
  await quickBot(['train'], { folder })
  const stub = await quickBot(['test', 'core', '--actions', 'stub'], { folder })
  t.is(stub.status, 0, stub.stderr)
  t.regex(
    stub.stdout,
    /✗ look in Rome tests\/test_look\.yml:3\n.*test_look\.yml:9 "see you in Rome": slot city "Rome", not "Oslo"/,
  )
  t.is(
    (await quickBot(['test', 'core', '--actions', 'stub', '--fail-on-prediction-errors'], { folder })).status,
    1,
  )
  const report = JSON.parse(await readFile(join(folder, 'results/conversation_report.json'), 'utf8')) as {
    conversations: { name: string; mismatches: unknown[] }[]
  }
  t.deepEqual(
    report.conversations.map(({ name, mismatches }) => [name, mismatches.length]),
    [
      ['look in Rome', 1],
      ['greet', 0],
    ],
  )
})

test('an action server of endpoints.yml is called, and what is missing is said in words', async t => {
  const folder = await tinyBot(t, FILES)
  await quickBot(['train'], { folder })
  const none = await quickBot(['test', 'core', '--actions', 'real'], { folder })
  t.is(none.status, 1)
  t.regex(none.stderr, /no actions to run/)
  const odd = await quickBot(['test', 'core', '--actions', 'domain.yml'], { folder })
  t.is(odd.status, 1)
  t.regex(odd.stderr, /domain\.yml is no file of actions/)
  const server = await startActionServer({
    port: 0,
    handlers: [{ name: 'action_look', run: () => [{ event: 'slot', name: 'city', value: 'Oslo' }] }],
  })
  t.teardown(() => server.stop())
  const called = await tinyBot(t, {
    ...FILES,
    'endpoints.yml': `action_endpoint:\n  url: ${server.url}/webhook\n`,
  })
  await quickBot(['train'], { folder: called })
  for (const more of [[], ['--record-actions', 'tape.json']]) {
    const { stdout } = await quickBot(['test', 'core', '--actions', 'real', ...more], { folder: called })
    t.regex(stdout, /Conversations right: 2 of 2/)
  }
})
