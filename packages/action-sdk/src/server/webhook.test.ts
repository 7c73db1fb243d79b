// How the server bounds what runs, and what it tells its callers beside rasa-sdk's protocol.

import test from 'ava'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { DomainJson } from '@tabula/protocol'
import { actionCall } from '../../test/action-call.ts'
import { serve } from '../../test/serve-actions.ts'
import { defineAction } from '../action.ts'
import { slotSet } from '../events.ts'

const intents = defineAction({
  name: 'action_intents',
  run: (_dispatcher, _tracker, domain) => [slotSet('intents', (domain.intents ?? []).length)],
})

/** An action that runs until its signal is aborted. */
function endless() {
  const started = Promise.withResolvers<undefined>()
  const stopped = Promise.withResolvers<string>()
  const action = defineAction({
    name: 'action_endless',
    run: (_dispatcher, _tracker, _domain, { signal }) =>
      new Promise<never>(() => {
        started.resolve(undefined)
        signal.addEventListener('abort', () => {
          stopped.resolve((signal.reason as Error).message)
        })
      }),
  })
  return { action, started: started.promise, stopped: stopped.promise }
}

test('an action that takes too long is answered for, and told to stop', async t => {
  const { action, stopped } = endless()
  const { post, log } = await serve(t, { handlers: [action], deadline: 30 })
  const answer = await post(actionCall('action_endless'))
  t.like(answer, { status: 500, body: { error: 'action_endless has not ended within 0.03 s.' } })
  t.is(await stopped, 'action_endless has not ended within 0.03 s.')
  t.is(log.entries[0]?.action, 'action_endless')
})

test('an action whose caller has gone is told to stop', async t => {
  const { action, started, stopped } = endless()
  const { url } = await serve(t, { handlers: [action] })
  const call = request(`${url}/webhook`, { method: 'POST' })
  call.on('error', () => undefined)
  call.end(JSON.stringify(actionCall('action_endless')))
  await started
  call.destroy()
  t.is(await stopped, 'The caller of action_endless has gone.')
})

test('more calls than may wait are refused with a word on when to come again', async t => {
  const started = Promise.withResolvers<undefined>()
  const finish = Promise.withResolvers<undefined>()
  const slow = defineAction({
    name: 'action_slow',
    async run() {
      started.resolve(undefined)
      await finish.promise
      return []
    },
  })
  const { post, send } = await serve(t, { handlers: [slow, intents], maxRunning: 1, maxWaiting: 0 })
  const running = post(actionCall('action_slow'))
  await started.promise
  const refused = await post(actionCall('action_intents'))
  t.is(refused.status, 503)
  t.is(refused.headers.get('retry-after'), '1')
  t.is((await send('/health')).status, 200)
  finish.resolve(undefined)
  t.is((await running).status, 200)
  t.is((await post(actionCall('action_intents'))).status, 200)
})

test('a server that stops is no longer ready, while the action that runs still has its time', async t => {
  const { action, started } = endless()
  const { send, post, server } = await serve(t, { handlers: [action], deadline: 300 })
  t.like(await send('/ready'), { status: 200, body: { status: 'ok' } })
  const running = post(actionCall('action_endless'))
  await started
  const stopped = server.stop()
  t.is((await running).status, 500)
  await stopped
  await t.throwsAsync(send('/ready'))
})

test('the figures name each action of the server and how its calls ended, and nothing that a caller makes up', async t => {
  const { post, url } = await serve(t, { handlers: [intents] })
  await post(actionCall('action_intents'))
  await post(actionCall('action_made_up'))
  await post('[]')
  const text = await (await fetch(`${url}/metrics`)).text()
  t.regex(text, /tabula_action_calls_total\{action="action_intents",end="done"\} 1/)
  t.regex(text, /tabula_action_calls_total\{action="",end="unknown"\} 1/)
  t.regex(text, /tabula_action_calls_total\{action="",end="invalid"\} 1/)
  t.regex(text, /tabula_actions_running 0/)
  t.notRegex(text, /made_up/)
})

test('a long answer is packed for a caller that reads it so, and plain for any other', async t => {
  const wordy = defineAction({
    name: 'action_wordy',
    run(dispatcher) {
      dispatcher.utterMessage({ text: 'word '.repeat(2_000) })
      return null
    },
  })
  const { url } = await serve(t, { handlers: [wordy] })
  const sizes: number[] = []
  for (const encoding of ['gzip', 'identity']) {
    const [bytes, header] = await new Promise<[Buffer, string | undefined]>(resolve => {
      const call = request(
        `${url}/webhook`,
        { method: 'POST', headers: { 'accept-encoding': encoding } },
        response => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            resolve([Buffer.concat(chunks), response.headers['content-encoding']])
          })
        },
      )
      call.end(JSON.stringify(actionCall('action_wordy')))
    })
    t.is(header, encoding === 'gzip' ? 'gzip' : undefined)
    sizes.push(bytes.length)
    const text = (header === 'gzip' ? gunzipSync(bytes) : bytes).toString()
    t.regex((JSON.parse(text) as { responses: { text: string }[] }).responses[0]?.text ?? '', /^word word/)
  }
  t.true((sizes[0] ?? 0) * 10 < (sizes[1] ?? 0))
})

test('a domain that was brought once may be left out, until it is lost; then nothing runs without it', async t => {
  const { post } = await serve(t, { handlers: [intents] })
  const domain: DomainJson = { intents: ['greet', 'bye'] }
  const digest = createHash('sha256').update(JSON.stringify(domain)).digest('hex')
  const headers = { 'x-domain-digest': digest }
  const missing = await post(actionCall('action_intents'), headers)
  t.like(missing, { status: 449, body: { action_name: 'action_intents' } })
  t.is(missing.headers.get('x-domain-kept'), null)
  for (const call of [actionCall('action_intents', {}, domain), actionCall('action_intents')]) {
    const answer = await post(call, headers)
    t.is(answer.headers.get('x-domain-kept'), digest)
    t.like(answer.body, { events: [{ name: 'intents', value: 2 }] })
  }
  t.like((await post(actionCall('action_intents'))).body, { events: [{ name: 'intents', value: 0 }] })
})
