// Commands beside the daily ones: markers, export, doctor, completion, telemetry, fine-tuning.

import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { start } from '@tabula/core-server'
import { type Files, quickBot, tinyBot, writeFiles } from './bot.ts'

const STORED: Files = {
  'endpoints.yml': `tracker_store:
  type: sql
  dialect: sqlite
  db: conversations.db
event_broker:
  type: file
  path: events.log
`,
  'markers.yml': `said_hello:
  intent: greet
hello_then_look:
  seq:
  - intent: greet
  - action: action_look
never_in_rome:
  never:
  - slot_was_set: city
`,
}

test('markers and events of stored conversations come out as Rasa writes them', async t => {
  const folder = await tinyBot(t, STORED)
  await quickBot(['train', '--fixed-model-name', 'm'], { folder })
  const db = join(folder, 'conversations.db')
  await writeFiles(folder, {
    'endpoints.yml': (STORED['endpoints.yml'] ?? '')
      .replace('conversations.db', db)
      .replace('events.log', join(folder, 'events.log')),
  })
  const server = await start({
    model: join(folder, 'models/m.tar.gz'),
    endpoints: { tracker_store: { type: 'sql', dialect: 'sqlite', db } },
    credentials: { rest: null },
    port: 0,
    interface: '127.0.0.1',
    enableApi: true,
    logLevel: 'silent',
  })
  for (const message of ['/greet', '/goodbye{"city": "Rome"}'])
    await fetch(`${server.urls.server}/webhooks/rest/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sender: 'ann', message }),
    })
  await server.stop()
  const marked = await quickBot(['evaluate', 'markers', 'all', 'hits.csv'], { folder })
  t.is(marked.status, 0, marked.stderr)
  const lines = (await readFile(join(folder, 'hits.csv'), 'utf8')).split('\r\n')
  t.is(lines[0], 'sender_id,session_idx,marker,event_idx,num_preceding_user_turns')
  t.true(lines.includes('ann,0,said_hello,3,0'))
  t.true(lines.some(line => line.startsWith('ann,0,hello_then_look,') && line.endsWith(',1')))
  t.true(lines.includes('ann,0,never_in_rome,0,0'))
  const overall = await readFile(join(folder, 'stats-overall.csv'), 'utf8')
  t.regex(overall, /all,nan,said_hello,number_of_sessions_where_marker_applied_at_least_once,1/)
  t.is((await quickBot(['evaluate', 'markers', 'all', 'hits.csv'], { folder })).status, 1)
  const sent = await quickBot(['export', '--conversation-ids', 'ann, nobody'], { folder })
  t.is(sent.status, 0, sent.stderr)
  t.regex(sent.stderr, /There is no conversation nobody/)
  const [first] = (await readFile(join(folder, 'events.log'), 'utf8')).trim().split('\n')
  t.like(JSON.parse(first ?? '{}'), { sender_id: 'ann', event: 'action', name: 'action_session_start' })
})

test('a marker of something that the bot does not know is told with its line', async t => {
  const folder = await tinyBot(t, {
    ...STORED,
    'markers.yml': 'hello:\n  intent: gret\nother:\n  sequence:\n  - action: action_look\n',
  })
  const { status, stderr } = await quickBot(['evaluate', 'markers', 'all', 'x.csv'], { folder })
  t.is(status, 1)
  t.regex(stderr, /markers\.yml:2:11 error: 'gret' is not in the domain/)
  t.regex(stderr, /markers\.yml:4:3 error: 'sequence' is no condition and no operator/)
})

test('doctor says what is missing and how to mend it', async t => {
  const folder = await tinyBot(t, {
    'endpoints.yml': 'action_endpoint:\n  url: http://127.0.0.1:9/webhook\n',
  })
  const before = await quickBot(['doctor', '--port', '0'], { folder })
  t.is(before.status, 1)
  t.regex(before.stdout, /✗ Model .*there is none at 'models'\n {2}→ bot train/)
  t.regex(before.stdout, /✗ Action server .*does not answer/)
  await writeFiles(folder, { 'endpoints.yml': '' })
  await quickBot(['train'], { folder })
  const after = await quickBot(['doctor', '--json', '--port', '0'], { folder })
  t.is(after.status, 0, after.stdout)
})

test('doctor shows every setting of the environment and .env, no secret, and what is wrong or weak', async t => {
  const folder = await tinyBot(t, { '.env': 'SECRET_KEY=a-short-one\nRATE_SENDER=9\n' })
  const weak = await quickBot(['doctor', '--port', '0'], { folder })
  t.regex(weak.stdout, /! Secret key +has 11 bytes.*\n {2}→ .*openssl rand/)
  t.regex(weak.stdout, /\* RATE_SENDER +9 +Messages a second/)
  t.regex(weak.stdout, /\* SECRET_KEY +\(set\)/)
  t.regex(weak.stdout, / {2}API_PORT +5000 /)
  t.notRegex(weak.stdout, /a-short-one/)
  await writeFiles(folder, { '.env': 'API_PORT=many\n' })
  const wrong = await quickBot(['doctor', '--json', '--port', '0'], { folder })
  t.is(wrong.status, 1)
  const { checks, settings } = JSON.parse(wrong.stdout) as {
    readonly checks: readonly { readonly name: string; readonly state: string; readonly found: string }[]
    readonly settings: readonly { readonly name: string }[]
  }
  t.regex(checks.find(({ name }) => name === 'Settings')?.found ?? '', /API_PORT is 'many'/)
  t.true(settings.length > 30)
})

test('a shell completes commands and flags', async t => {
  const { stdout } = await quickBot(['completion', 'bash'], { folder: '.' })
  const script = `${stdout}\nCOMP_WORDS=(bot data con); COMP_CWORD=2; _bot; echo "\${COMPREPLY[@]}"
COMP_WORDS=(bot train --fix); COMP_CWORD=2; _bot; echo "\${COMPREPLY[@]}"`
  const { stdout: completed } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
  t.is(completed, 'convert\n--fixed-model-name\n')
})

test('there is no telemetry, and it says so', async t => {
  for (const word of ['enable', 'disable']) {
    const { status, stdout } = await quickBot(['telemetry', word], { folder: '.' })
    t.is(status, 0)
    t.regex(stdout, /There is no telemetry/)
  }
})

test('fine-tuning refuses what Rasa refuses, and a model of Rasa is refused in words', async t => {
  const folder = await tinyBot(t)
  t.is((await quickBot(['train', '--finetune'], { folder })).status, 1)
  await quickBot(['train'], { folder })
  t.is((await quickBot(['train', '--finetune'], { folder })).status, 0)
  await writeFiles(folder, {
    'data/stories.yml': 'version: "3.1"\nstories: []\n',
    'domain.yml':
      'version: "3.1"\nintents: [greet, goodbye, thanks]\nresponses:\n  utter_greet: [{text: Hi}]\n  utter_goodbye: [{text: Bye}]\n',
  })
  const grown = await quickBot(['train', '--finetune'], { folder })
  t.is(grown.status, 1)
  t.regex(grown.stderr, /The intent 'thanks' is not in the model/)
})
