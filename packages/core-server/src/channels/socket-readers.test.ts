import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { Socket } from 'socket.io'
import { applyLimits } from '../config/limits.ts'
import { SocketReaders } from './socket-readers.ts'

applyLimits({
  TABULA_LIMIT_SOCKET_UNREAD_BYTES: '320000',
  TABULA_LIMIT_SOCKETS_UNREAD_BYTES: '1000000',
  TABULA_LIMIT_SOCKET_UNREAD_PATIENCE: '300',
})

/** What the readers look at of a socket: what waits for it, which goes when it reads. */
interface Client {
  readonly socket: Socket
  wait(characters: number): void
  read(characters: number): void
}

function client(t: ExecutionContext): Client {
  const writeBuffer: { readonly data: string }[] = []
  const conn = { readyState: 'open', writeBuffer, transport: { socket: { bufferedAmount: 0 } } }
  // A look goes on for as long as an open socket has not read.
  t.teardown(() => (conn.readyState = 'closed'))
  return {
    socket: { conn } as unknown as Socket,
    wait: characters => void writeBuffer.push({ data: 'x'.repeat(characters) }),
    read(characters) {
      const left = writeBuffer.reduce((sum, { data }) => sum + data.length, 0)
      writeBuffer.splice(0, Infinity, { data: 'x'.repeat(Math.max(0, left - characters)) })
    },
  }
}

function fixture(): { readers: SocketReaders; gone: Socket[] } {
  const gone: Socket[] = []
  return { gone, readers: new SocketReaders(socket => void gone.push(socket)) }
}

test('a client that reads slowly is waited for and never cut off', async t => {
  const { readers, gone } = fixture()
  const ann = client(t)
  ann.wait(2_000_000)
  readers.told([ann.socket])
  let isReady = false
  const ready = readers.ready([ann.socket]).then(() => (isReady = true))
  for (let round = 0; round < 8; round += 1) {
    await sleep(120)
    t.false(isReady)
    ann.read(200_000)
  }
  ann.read(200_000)
  await ready
  t.deepEqual(gone, [])
})

test('a client that reads nothing of much is cut off, and nobody waits for it any longer', async t => {
  const { readers, gone } = fixture()
  const [ann, ben] = [client(t), client(t)]
  ann.wait(400_000)
  ben.wait(300_000)
  readers.told([ann.socket, ben.socket])
  await readers.ready([ben.socket])
  await readers.ready([ann.socket])
  t.deepEqual(gone, [ann.socket], 'the other has less than may wait')
})

test('a thousand clients do not take a thousand times the memory: where all have much, each may have less', async t => {
  const { readers, gone } = fixture()
  const ann = client(t)
  const crowd = [ann, ...Array.from({ length: 4 }, () => client(t))]
  for (const each of crowd) each.wait(250_000)
  readers.told(crowd.map(({ socket }) => socket))
  let isReady = false
  const ready = readers.ready([ann.socket]).then(() => (isReady = true))
  await sleep(100)
  t.false(isReady)
  for (const each of crowd) each.read(150_000)
  await ready
  t.deepEqual(gone, [])
})

test('repeats that a client asks for without reading them are answered one after the other', async t => {
  const { readers, gone } = fixture()
  const ann = client(t)
  const told: number[] = []
  const tellings = [0, 1, 2].map(async number =>
    readers.tell(ann.socket, async () => {
      told.push(number)
      ann.wait(400_000)
    }),
  )
  await tellings[0]
  await sleep(100)
  t.deepEqual(told, [0])
  ann.read(400_000)
  await tellings[1]
  t.deepEqual(told, [0, 1])
  // It stops reading: it is let go, which ends the rest.
  await tellings[2]
  t.deepEqual(gone, [ann.socket])
})
