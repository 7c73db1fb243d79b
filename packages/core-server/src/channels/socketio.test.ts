import test from 'ava'
import type { ExecutionContext } from 'ava'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CodedError } from '@tabula/protocol'
import type { BotMessage, UserMessage } from '@tabula/protocol'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { channelHost } from '../../test/channel-host.ts'
import { createSocketio } from './socketio.ts'

interface Fixture {
  readonly seen: UserMessage[]
  readonly connect: () => Promise<Socket>
}

async function socketsWith(
  t: ExecutionContext,
  settings: Record<string, unknown>,
  answers: readonly BotMessage[] = [],
  refuse?: () => Promise<void>,
): Promise<Fixture> {
  const host = channelHost({
    async respond(_message, send) {
      await refuse?.()
      for (const answer of answers) await send(answer)
    },
  })
  const { seen } = host
  const channel = createSocketio(settings, host)
  const server = createServer()
  channel.attach?.(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  t.teardown(async () => {
    await channel.close?.()
    server.closeAllConnections()
    server.close()
  })
  return {
    seen,
    async connect() {
      const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false })
      t.teardown(() => socket.disconnect())
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('connect_error', reject)
      })
      return socket
    },
  }
}

async function collect(socket: Socket, count: number): Promise<unknown[]> {
  const got: unknown[] = []
  await new Promise<void>(resolve => {
    socket.on('bot_uttered', (payload: unknown) => {
      got.push(payload)
      if (got.length === count) resolve()
    })
  })
  return got
}

test('answers arrive in the shapes that Rasa’s widgets know', async t => {
  const { connect, seen } = await socketsWith(t, {}, [
    { text: 'one\n\ntwo' },
    { text: 'a\n\nb', buttons: [{ title: 'Yes', payload: '/yes' }, { title: 'No' }] },
    { text: null, image: 'http://x/i.png', attachment: { url: 'u' } },
    { text: null, elements: [{ title: 'T' }] },
    { text: null, custom: { data: { k: 1 } } },
    { text: null, custom: { other: 2 } },
  ])
  const socket = await connect()
  const got = collect(socket, 9)
  socket.emit('user_uttered', { message: ' hi ', metadata: '{"k":1}' })
  t.deepEqual(await got, [
    { text: 'one' },
    { text: 'two' },
    { text: 'a', quick_replies: [] },
    {
      text: 'b',
      quick_replies: [
        { content_type: 'text', title: 'Yes', payload: '/yes' },
        { content_type: 'text', title: 'No', payload: 'No' },
      ],
    },
    { attachment: { type: 'image', payload: { src: 'http://x/i.png' } } },
    { attachment: { url: 'u' } },
    { attachment: { type: 'template', payload: { template_type: 'generic', elements: { title: 'T' } } } },
    { k: 1 },
    { other: 2 },
  ])
  t.deepEqual(seen, [{ text: 'hi', senderId: socket.id ?? '', inputChannel: 'socketio', metadata: { k: 1 } }])
})

test('a session is confirmed with its bare id, and answers find it again after a reconnect', async t => {
  const { connect, seen } = await socketsWith(t, { session_persistence: true }, [{ text: 'hello' }])
  const first = await connect()
  const confirmed = once(asEmitter(first), 'session_confirm')
  first.emit('session_request', { session_id: 'abc' })
  t.deepEqual(await confirmed, ['abc'])
  first.disconnect()

  const second = await connect()
  const again = once(asEmitter(second), 'session_confirm')
  second.emit('session_request', { session_id: 'abc' })
  await again
  const got = collect(second, 1)
  second.emit('user_uttered', { message: 'ignored without its session' })
  second.emit('user_uttered', { message: 'hi', session_id: 'abc' })
  t.deepEqual(await got, [{ text: 'hello' }])
  t.deepEqual(
    seen.map(message => message.senderId),
    ['abc'],
  )
})

test('a client without a session id is given one', async t => {
  const { connect } = await socketsWith(t, {})
  const socket = await connect()
  const confirmed = once(asEmitter(socket), 'session_confirm')
  socket.emit('session_request')
  const [id] = (await confirmed) as [string]
  t.regex(id, /^[0-9a-f]{32}$/)
})

test('a message that is sent again after a lost connection has one effect, and its answers come along', async t => {
  const { connect, seen } = await socketsWith(t, { session_persistence: true }, [{ text: 'hello' }])
  const body = { message: 'hi', session_id: 'ann', message_id: 'm1' }
  const first = await connect()
  t.deepEqual(await first.emitWithAck('session_request', { session_id: 'ann' }), { tabula: 1 })
  t.deepEqual(await first.emitWithAck('user_uttered', body), { ok: true })
  first.disconnect()
  const second = await connect()
  t.deepEqual(await second.emitWithAck('user_uttered', body), { ok: true, answers: [{ text: 'hello' }] })
  t.is(seen.length, 1)
})

test('a client that asks is told when the server is too busy to take its message', async t => {
  const busy = new CodedError('inbox.full', 'Too many wait.', { status: 429, details: { retryAfter: 3 } })
  const { connect } = await socketsWith(t, {}, [], () => Promise.reject(busy))
  const socket = await connect()
  const told: unknown = await socket.emitWithAck('user_uttered', { message: 'hi' })
  t.deepEqual(told, { ok: false, error: 'inbox.full', retry_after: 3 })
})

/** The client's sockets have `once` and `off`, which is all that events.once needs. */
function asEmitter(socket: Socket): NodeJS.EventEmitter {
  return socket as unknown as NodeJS.EventEmitter
}

test('a message that is stored and cannot be handled now is asked for again, and the repeat has its answers', async t => {
  let isAway = true
  const later = async (): Promise<void> => {
    // Longer than the message takes to be stored.
    await new Promise(resolve => setTimeout(resolve, 50))
    if (isAway) throw new CodedError('store.unavailable', 'away', { status: 503 })
  }
  const { connect } = await socketsWith(t, { session_persistence: true }, [{ text: 'hello' }], later)
  const socket = await connect()
  await socket.emitWithAck('session_request', { session_id: 'ann' })
  const body = { message: 'hi', session_id: 'ann', message_id: 'one' }
  t.deepEqual(await socket.emitWithAck('user_uttered', body), {
    ...{ ok: false, error: 'message.waits', retry_after: 1 },
  })
  isAway = false
  const told: unknown = await socket.emitWithAck('user_uttered', body)
  t.like(told, { ok: true })
})
