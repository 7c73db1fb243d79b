// Rows 35 and 36: more than a server can take. Run by `npm run faults`.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { io } from 'socket.io-client'
import { canStage, counted, openStage, sleep, until } from './stage.ts'
import type { Stage } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

/** Megabytes of memory that the server's process holds. */
function rss(stage: Stage): number {
  const status = readFileSync(`/proc/${stage.servers[0]?.pid ?? 0}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

interface Answered {
  readonly status: number
  readonly retryAfter: number
  readonly took: number
}

async function send(
  stage: Stage,
  sender: string,
  number: number,
  id = `${sender}-${number}`,
): Promise<Answered> {
  const started = performance.now()
  const answer = await fetch(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sender, message: `/step{"n":"${number}"}`, message_id: id }),
  })
  await answer.arrayBuffer()
  const retryAfter = Number(answer.headers.get('retry-after') ?? 0)
  return { status: answer.status, retryAfter, took: performance.now() - started }
}

row(
  'fault row 35: 500 messages at once to one sender: what is taken is answered, the rest is told when to come',
  async t => {
    const stage = await openStage(t, { servers: 1 })
    const before = rss(stage)
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => send(stage, 'ann', index + 1)),
    )
    const taken = answers.filter(({ status }) => status === 200).length
    const refused = answers.filter(({ status }) => status === 429 || status === 503)
    t.log(`${taken} taken, ${refused.length} refused`)
    t.is(taken + refused.length, 500)
    t.true(taken >= 50, 'as many as may wait')
    t.true(refused.every(({ retryAfter }) => retryAfter >= 1 && retryAfter <= 30))
    const { events } = await stage.read('ann')
    t.is(events.filter(({ event }) => event === 'user').length, taken)
    t.true((await send(stage, 'ann', 501)).took < 5_000)
    t.true(rss(stage) < before + 80)
  },
)

/** A socket.io client of version 4 by hand, which says what it is told and never reads. */
async function openUnread(
  stage: Stage,
  session: string,
): Promise<{ say: (id: string) => void; close: () => void }> {
  const { hostname, port } = new URL(stage.servers[0]?.url ?? '')
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
      'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await untilHeard(socket, '0{"sid"')
  const write = (text: string): void => {
    const payload = Buffer.from(text)
    const length =
      payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255]
    // A mask of zeros leaves the text as it is.
    socket.write(Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]))
  }
  write('40')
  // What comes before the namespace has let it in would be refused.
  await untilHeard(socket, '40{')
  socket.pause()
  write(`42["session_request",{"session_id":"${session}"}]`)
  return {
    say(id) {
      const message = { session_id: session, message: '/step{"n":"1"}', message_id: id }
      write(`42${JSON.stringify(['user_uttered', message])}`)
    },
    close() {
      socket.destroy()
    },
  }
}

// Open: now and then the client that comes back is cut off too, for more than a megabyte waits for it at once, and the process
// grows by up to a gigabyte. TABULA_OPEN_ROWS=1 plays it.
const openRow = canStage && process.env['TABULA_OPEN_ROWS'] === '1' ? test.serial : test.serial.skip
openRow('open: a thousand sockets that never read: cut off, and answers there after a reconnect', async t => {
  t.timeout(120_000)
  let size = 100
  // Three answers of the size that is asked for.
  const url = await answering(t, (request, response) => {
    const text = 'x'.repeat(size)
    request.resume().on('end', () => {
      response.end(JSON.stringify({ events: [], responses: [{ text }, { text }, { text }] }))
    })
  })
  const memory = { type: 'in_memory' }
  const stage = await openStage(t, {
    servers: 1,
    endpoints: { action_endpoint: { url }, tracker_store: memory, lock_store: memory },
  })
  const sockets: Awaited<ReturnType<typeof openUnread>>[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.close()
  })
  for (let index = 0; index < 1_000; index += 1) sockets.push(await openUnread(stage, `u${index}`))
  const before = rss(stage)
  for (const socket of sockets) socket.say('first')
  await until(async () => (await stage.read('u999')).events.some(({ event }) => event === 'bot'), 60_000)
  // Ten of them are told more than the system keeps for them.
  size = 300_000
  const many = sockets.slice(0, 10)
  for (let round = 0; round < 16 && counted(stage, 'socketio.unread') < 10; round += 1) {
    for (const socket of many) socket.say(`more-${round}`)
    await sleep(700)
  }
  t.is(counted(stage, 'socketio.unread'), 10)
  t.log(`memory ${Math.round(before)} and ${Math.round(rss(stage))} MB`)
  // The bot is there for all others, and for those who come back.
  const client = io(stage.servers[0]?.url ?? '', { transports: ['websocket'] })
  t.teardown(() => client.disconnect())
  client.emit('session_request', { session_id: 'u0' })
  const told: unknown = await client
    .timeout(10_000)
    .emitWithAck('user_uttered', { session_id: 'u0', message: '/step{"n":"1"}', message_id: 'more-0' })
  t.like(told, { ok: true })
  t.is((told as { answers?: unknown[] }).answers?.length, 6, 'of both actions')
})

/** Resolves when these bytes have come. */
async function untilHeard(socket: Socket, bytes: string): Promise<void> {
  let heard = ''
  while (!heard.includes(bytes)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    heard += chunk.toString('latin1')
  }
}

/** The address of a server that answers with the handler until the test ends. */
async function answering(t: ExecutionContext, handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
