// Row 36: clients that never read what they are told, and those beside them who do. Run by `npm run faults`.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { io } from 'socket.io-client'
import { rss } from './memory.ts'
import { canStage, counted, openStage, sleep, until } from './stage.ts'
import type { Stage } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

/**
 * Megabytes of heap, as in a container of one gigabyte: 160 of answers that the store in memory keeps and the bounds of calls under way
 * have room in it. Without a limit the garbage of long conversations waits for a while, and says nothing of what is held.
 */
const HEAP = 768
/** Megabytes of the process at most: beside the heap what is unread, buffers of calls under way, and the program. */
const MOST = HEAP + 400

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
  // It says that it is there: else it would be gone after 45 seconds, whether it reads or not.
  const alive = setInterval(() => {
    write('3')
  }, 10_000)
  return {
    say(id) {
      const message = { session_id: session, message: '/step{"n":"1"}', message_id: id }
      write(`42${JSON.stringify(['user_uttered', message])}`)
    },
    close() {
      clearInterval(alive)
      socket.destroy()
    },
  }
}

/** Bytes of each of the three answers to an action, where much is said: the messages are more than system and bound take. */
const MUCH = 300_000
const ROUNDS = 8

row(
  'fault row 36: a thousand sockets that never read: cut off, memory bounded, answers after a reconnect, and no reader is cut',
  async t => {
    t.timeout(240_000)
    let size = 100
    const url = await answering(t, (request, response) => {
      const text = 'x'.repeat(size)
      request.resume().on('end', () => {
        response.end(JSON.stringify({ events: [], responses: [{ text }, { text }, { text }] }))
      })
    })
    const memory = { type: 'in_memory' }
    const stage = await openStage(t, {
      servers: 1,
      heap: HEAP,
      endpoints: { action_endpoint: { url }, tracker_store: memory, lock_store: memory },
    })
    const sockets: Awaited<ReturnType<typeof openUnread>>[] = []
    t.teardown(() => {
      for (const socket of sockets) socket.close()
    })
    for (let index = 0; index < 1_000; index += 1) sockets.push(await openUnread(stage, `u${index}`))
    for (const [index, socket] of sockets.entries()) {
      socket.say('first')
      // Not all at once: a server that has a thousand messages waiting takes no more.
      if (index % 250 === 249) await sleep(500)
    }
    await until(async () => {
      const { events } = await stage.read('u999').catch(() => ({ events: [] }))
      return events.some(({ event }) => event === 'bot')
    }, 60_000)
    const before = rss(stage)
    let most = before
    const watch = setInterval(() => (most = Math.max(most, rss(stage))), 50)
    t.teardown(() => {
      clearInterval(watch)
    })
    // Ten of them are told more than the system keeps for them, and so is one who reads.
    size = MUCH
    const reader = readingClient(t, stage, 'reader')
    const read = Array.from({ length: ROUNDS }, (_, round) => reader.say(`more-${round}`))
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const socket of sockets.slice(0, 10)) socket.say(`more-${round}`)
      await sleep(300)
    }
    await until(() => counted(stage, 'socketio.unread') >= 10, 90_000)
    for (const told of await Promise.all(read)) t.like(told, { ok: true })
    await until(() => reader.heard() === 6 * ROUNDS, 10_000)
    // Those who come back are told what they missed, while what they had said before is answered too.
    const back = readingClient(t, stage, 'u0')
    const again = Array.from({ length: ROUNDS }, (_, round) => back.say(`more-${round}`))
    for (const told of await Promise.all(again)) {
      t.like(told, { ok: true })
      const { answers } = told as { answers?: unknown[] }
      t.true(answers === undefined || answers.length === 6, 'of both actions')
    }
    t.log(`memory ${Math.round(before)}, at most ${Math.round(most)}, then ${Math.round(rss(stage))} MB`)
    t.true(most < MOST, `${Math.round(before)} became ${Math.round(most)} MB`)
    t.is(counted(stage, 'socketio.unread'), 10, 'nobody who reads is cut off')
    t.deepEqual([reader.cuts(), back.cuts()], [0, 0])
  },
)

/** A client that reads what it is told. */
function readingClient(
  t: ExecutionContext,
  stage: Stage,
  session: string,
): { say: (id: string) => Promise<unknown>; heard: () => number; cuts: () => number } {
  const client = io(stage.servers[0]?.url ?? '', { transports: ['websocket'] })
  let [heard, cuts, isOver] = [0, 0, false]
  client.on('bot_uttered', () => (heard += 1))
  client.on('disconnect', () => (cuts += isOver ? 0 : 1))
  t.teardown(() => {
    isOver = true
    client.disconnect()
  })
  client.emit('session_request', { session_id: session })
  return {
    say: id =>
      client
        .timeout(90_000)
        .emitWithAck('user_uttered', { session_id: session, message: '/step{"n":"1"}', message_id: id }),
    heard: () => heard,
    cuts: () => cuts,
  }
}

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
  // A connection that is closed for being idle fails the call that comes just then, which is not what is looked for.
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
