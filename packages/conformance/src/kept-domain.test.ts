// Our server and our action server: the domain goes out once, and again when the action server was restarted.

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { defineAction, startActionServer } from '@tabula/action-sdk'
import { start } from '@tabula/core-server'
import { readProject, trainModel } from '@tabula/model'

const FILES = {
  'config.yml': 'recipe: default.v1\nlanguage: en\npipeline: []\npolicies:\n- name: RulePolicy\n',
  'domain.yml':
    'version: "3.1"\nintents: [count]\nactions: [action_count]\nsession_config: {session_expiration_time: 0}\n',
  'data/rules.yml':
    'version: "3.1"\nrules:\n- rule: count\n  steps: [{intent: count}, {action: action_count}]\n',
}

const count = defineAction({
  name: 'action_count',
  run(dispatcher, _tracker, domain) {
    dispatcher.utterMessage({ text: `${(domain.intents ?? []).length} intents` })
    return []
  },
})

test('the domain is sent to our action server once, and nobody notices when that server loses it', async t => {
  const root = await mkdtemp(join(tmpdir(), 'tabula-kept-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'data'))
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(root, file), text)
  const { file } = await trainModel(await readProject({ root }))

  const serveActions = () =>
    startActionServer({ handlers: [count], port: 0, host: '127.0.0.1', metrics: false })
  let actions = await serveActions()
  const sent: boolean[] = []
  const between = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const body = Buffer.concat(parts)
      sent.push('domain' in (JSON.parse(body.toString()) as object))
      const headers = { 'x-domain-digest': String(request.headers['x-domain-digest']) }
      const answer = await fetch(`${actions.url}/webhook`, { method: 'POST', headers, body })
      const kept = answer.headers.get('x-domain-kept')
      response.writeHead(answer.status, kept === null ? {} : { 'x-domain-kept': kept })
      response.end(await answer.text())
    })()
  })
  await new Promise<void>(resolve => between.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}/webhook`
  const server = await start({
    model: file,
    endpoints: { action_endpoint: { url } },
    credentials: { rest: null },
    port: 0,
    interface: '127.0.0.1',
    logLevel: 'silent',
  })
  t.teardown(async () => {
    await server.stop()
    between.close()
    await actions.stop()
  })
  const say = async (): Promise<unknown> => {
    const answer = await fetch(`${server.urls.server}/webhooks/rest/webhook`, {
      method: 'POST',
      body: JSON.stringify({ sender: 'ann', message: '/count' }),
    })
    return answer.json()
  }
  const told = [{ recipient_id: 'ann', text: '1 intents' }]
  t.deepEqual(await say(), told)
  t.deepEqual(await say(), told)
  await actions.stop()
  actions = await serveActions()
  t.deepEqual(await say(), told)
  t.deepEqual(await say(), told)
  t.deepEqual(sent, [true, false, false, true, false])
})
