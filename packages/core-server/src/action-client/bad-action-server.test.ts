// What a conversation comes to when its action server misbehaves: Rasa 3.6.21's events, no apology, and it goes on.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProject, trainModel } from '@tabula/model'
import { caller, recordingLog } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import { dialogueEngine } from '../processor/rasa-dialogue.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown

/** Seconds that an action may take; a machine under load is no fault of the action server. */
const DEADLINE = 4

const FILES = {
  'config.yml': 'recipe: default.v1\nlanguage: en\npipeline: []\npolicies:\n- name: RulePolicy\n',
  'domain.yml': `version: "3.1"
intents: [run, bye]
actions: [action_run]
slots:
  n: {type: any, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_bye: [{text: Bye}]
`,
  'data/rules.yml': `version: "3.1"
rules:
- rule: run
  steps: [{intent: run}, {action: action_run}]
- rule: bye
  steps: [{intent: bye}, {action: utter_bye}]
`,
}

let root = ''
let model = ''

test.before(async () => {
  root = await mkdtemp(join(tmpdir(), 'tabula-bad-actions-'))
  await mkdir(join(root, 'data'))
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(root, file), text)
  model = (await trainModel(await readProject({ root }))).file
})
test.after.always(() => rm(root, { recursive: true, force: true }))

const send =
  (body: unknown, status = 200): Answer =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

/** Says /run to a bot whose action server answers so, then /bye; the events of the first turn after the user's. */
async function converse(t: ExecutionContext, answer: Answer | null) {
  const actions = createServer((request, response) => {
    request.resume().on('end', () => answer?.(response, request))
  })
  await new Promise<void>(resolve => actions.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(actions.address() as AddressInfo).port}/webhook`
  const close = () => {
    actions.closeAllConnections()
    actions.close()
  }
  if (answer === null) close()
  const log = recordingLog()
  const endpoints = { action_endpoint: { url, timeout: DEADLINE } }
  const server = await compose(
    { model, port: 0, interface: '127.0.0.1', enableApi: true, credentials: { rest: null }, endpoints },
    { engine: dialogueEngine, log, maxActions: 10 },
  )
  t.teardown(async () => {
    await server.stop()
    close()
  })
  const call = caller(server.urls.server)
  const say = async (message: string) =>
    (await call('POST', '/webhooks/rest/webhook', { sender: 'ann', message })).body
  const said = await say('/run')
  t.deepEqual(await say('/bye'), [{ recipient_id: 'ann', text: 'Bye' }], 'the conversation goes on')
  const tracker = (await call('GET', '/conversations/ann/tracker')).body as {
    events: Record<string, unknown>[]
  }
  const first = tracker.events.findIndex(({ event }) => event === 'user')
  const second = tracker.events.findIndex(({ event, text }) => event === 'user' && text === '/bye')
  const events = tracker.events
    .slice(first + 1, second)
    .map(({ event, name, text }) => [event, name ?? text].join(' ').trim())
  return { said, events, url, log }
}

const FAILED = ['user_featurization', 'action action_run', 'action action_listen']

const FAULTS: Readonly<Record<string, Answer | null>> = {
  'a reply that is not JSON': response => response.end('<html>busy</html>'),
  'a reply of 10 MB': send({ events: [], responses: [{ text: 'x'.repeat(10_000_000) }] }),
  'an unknown event': send({ events: [{ event: 'nonsense' }], responses: [{ text: 'hi' }] }),
  'a reply after the deadline': response =>
    setTimeout(() => send({})(response, {} as never), DEADLINE * 1500),
  'a dropped connection': (_response, request) => request.socket.destroy(),
  'a redirect': response => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
  'a server that is down': null,
  'an error of the action': send({ error: 'boom' }, 500),
  'a rejection that names no action': send({ error: 'Invalid body request' }, 400),
}

for (const [fault, answer] of Object.entries(FAULTS)) {
  test(`${fault} leaves the action without events, and the user without an apology`, async t => {
    const { said, events, url, log } = await converse(t, answer)
    t.deepEqual(said, [])
    t.deepEqual(events, FAILED)
    const complaints = log.entries.filter(entry => entry.level === 'error')
    t.is(complaints.length, 1)
    t.regex(complaints[0]?.message ?? '', new RegExp(`action_run at ${url}: .{10}`))
  })
}

test('a slot that the domain does not have is logged, changes nothing, and the rest of the reply counts', async t => {
  const slot = (name: string) => ({ event: 'slot', name, value: 1 })
  const { said, events } = await converse(
    t,
    send({ events: [slot('nowhere'), slot('n')], responses: [{ text: 'done' }] }),
  )
  t.deepEqual(said, [{ recipient_id: 'ann', text: 'done' }])
  t.deepEqual(events, [
    'user_featurization',
    'action action_run',
    'bot done',
    'slot nowhere',
    'slot n',
    'action action_listen',
  ])
})

test('a response that the domain does not have is skipped, and the other messages are said', async t => {
  const { said } = await converse(t, send({ responses: [{ response: 'utter_nowhere' }, { text: 'here' }] }))
  t.deepEqual(said, [{ recipient_id: 'ann', text: 'here' }])
})
