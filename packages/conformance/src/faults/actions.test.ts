// Row 34: action servers that do whatever they should not.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import { messageOf } from '../order/chain.ts'
import { canStage, openStage, sleep } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

type Answer = (response: ServerResponse) => unknown

const WRONG: Readonly<Record<string, Answer>> = {
  reset: response => response.socket?.resetAndDestroy(),
  'status 500': response => response.writeHead(500).end('{"error": "boom"}'),
  'a byte a second': async response => {
    response.writeHead(200, { 'content-length': '1000' })
    while (!response.destroyed) {
      response.write(' ')
      await sleep(1_000)
    }
  },
  'no JSON': response => response.end('{"events": ['),
  '100 MB': async response => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .write('{"events":[],"responses":[{"text":"')
    for (let sent = 0; sent < 100 && !response.destroyed; sent += 1) {
      if (!response.write('x'.repeat(1_000_000)))
        await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
    response.end('"}]}')
  },
  '100,000 events': response =>
    response.end(
      JSON.stringify({ responses: [], events: Array.from({ length: 100_000 }, () => ({ event: 'undo' })) }),
    ),
}

row(
  'fault row 34: action servers that refuse, reset, dawdle, or answer nonsense or too much: Rasa’s events, and it goes on',
  async t => {
    t.timeout(120_000)
    let wrong: Answer | null = null
    const actions = createServer((request, response) => {
      request.resume().on('end', () => {
        if (wrong === null) response.end('{"events": [], "responses": [{"text": "well"}]}')
        else void wrong(response)
      })
    }).listen(0, '127.0.0.1')
    await once(actions, 'listening')
    const { port } = actions.address() as AddressInfo
    t.teardown(() => {
      actions.closeAllConnections()
      actions.close()
    })
    const stage = await openStage(t, {
      servers: 1,
      endpoints: { action_endpoint: { url: `http://127.0.0.1:${port}/webhook`, timeout: 2 } },
    })
    const rss = (): number =>
      Number(
        /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stage.servers[0]?.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0,
      ) / 1024
    const say = async (sender: string): Promise<unknown> => {
      const answer = await fetch(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
        method: 'POST',
        body: JSON.stringify({ sender, message: messageOf(1) }),
      })
      return answer.json()
    }
    const well = (sender: string) => Array.from({ length: 2 }, () => ({ recipient_id: sender, text: 'well' }))
    // What a server takes for itself in its first minute must not count.
    for (let index = 0; index < 200; index += 1) t.deepEqual(await say(`warm${index}`), well(`warm${index}`))
    const before = rss()
    for (const [index, [name, answer]] of Object.entries(WRONG).entries()) {
      const sender = `s${index}`
      wrong = answer
      t.deepEqual(await say(sender), [], `${name}: no apology`)
      const { events } = await stage.read(sender)
      const seen = events.map(({ event, name: action }) => (event === 'action' ? String(action) : event))
      t.deepEqual(
        seen.slice(seen.indexOf('user')),
        ['user', 'user_featurization', 'action_chain', 'action_rest', 'action_listen'],
        name,
      )
      wrong = null
      // A circuit that opened after so many failures is tried again after a second.
      await sleep(1_200)
      t.deepEqual(await say(sender), well(sender), `${name}: the next message works`)
    }
    t.log(`memory ${Math.round(before)} and ${Math.round(rss())} MB`)
    t.true(rss() < before + 50)
    actions.closeAllConnections()
    await new Promise(resolve => actions.close(resolve))
    t.deepEqual(await say('refused'), [])
    actions.listen(port, '127.0.0.1')
    await once(actions, 'listening')
    await sleep(1_200)
    t.deepEqual(await say('refused'), well('refused'))
  },
)
