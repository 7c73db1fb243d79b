// A server that speaks Kafka's wire protocol to producers and holds its log in memory, for tests where there is no Kafka: kafkajs
// talks to it. One broker, topics made when they are first asked for, acks=all, SASL PLAIN where a password is set.

import type { ExecutionContext } from 'ava'
import { createServer, type Server, type Socket } from 'node:net'
import type { KafkaServer, StoredRecord } from './kafka.ts'
import {
  int16,
  int32,
  int64,
  type KafkaRecord,
  list,
  readRecordBatch,
  text,
  WireReader,
} from './kafka-wire.ts'
import { freePort } from './ports.ts'

const PRODUCE = 0
const METADATA = 3
const SASL_HANDSHAKE = 17
const API_VERSIONS = 18
const SASL_AUTHENTICATE = 36
/** What it speaks: a key and its only version. */
const SPOKEN: readonly (readonly [number, number])[] = [
  [PRODUCE, 3],
  [METADATA, 1],
  [SASL_HANDSHAKE, 1],
  [API_VERSIONS, 0],
  [SASL_AUTHENTICATE, 0],
]
const CORRUPT_MESSAGE = 2
const UNKNOWN_TOPIC_OR_PARTITION = 3
const LEADER_NOT_AVAILABLE = 5
const UNSUPPORTED_SASL_MECHANISM = 33
const UNSUPPORTED_VERSION = 35
const SASL_AUTHENTICATION_FAILED = 58
const PARTITIONS = 3

export interface FakeKafka extends KafkaServer {
  /** Writes what comes to its log and cuts the connection before it answers, for the next so many batches. */
  cutAnswers(count: number): void
}

interface Login {
  readonly username: string
  readonly password: string
}

/** Started; ends with the test. */
export async function startFakeKafka(t: ExecutionContext, login: Login | null = null): Promise<FakeKafka> {
  const port = await freePort()
  const log = new FakeLog(port)
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let cuts = 0
  const connected = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    const session = new Session(log, login)
    let received = Buffer.alloc(0)
    socket.on('data', data => {
      received = Buffer.concat([received, data])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE()) {
        const request = received.subarray(4, 4 + received.readInt32BE())
        received = received.subarray(4 + request.length)
        const { key, answer } = session.take(request)
        const isCut = key === PRODUCE && cuts > 0
        if (isCut) cuts -= 1
        if (answer === null || isCut) {
          socket.destroy()
          return
        }
        socket.write(Buffer.concat([int32(answer.length), answer]))
      }
    })
  }
  const kafka: FakeKafka = {
    address: `127.0.0.1:${port}`,
    async start() {
      const started = createServer(connected)
      server = started
      await new Promise<void>(resolve => started.listen(port, '127.0.0.1', resolve))
    },
    async kill() {
      const running = server
      server = null
      for (const socket of sockets) socket.destroy()
      if (running !== null) await new Promise(resolve => running.close(resolve))
    },
    cutAnswers(count) {
      cuts = count
    },
    read: async topic => log.read(topic),
  }
  t.teardown(() => kafka.kill())
  await kafka.start()
  return kafka
}

/** What all connections share, and what stays through a kill as a real one's log does. */
class FakeLog {
  readonly #topics = new Map<string, KafkaRecord[][]>()
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  read(topic: string): StoredRecord[] {
    const partitions = this.#topics.get(topic) ?? []
    return partitions.flatMap((records, partition) => records.map(record => ({ ...record, partition })))
  }

  metadata(asked: readonly string[]): Buffer {
    const broker = Buffer.concat([int32(1), text('127.0.0.1'), int32(this.#port), text(null)])
    const partition = (id: number): Buffer =>
      Buffer.concat([int16(0), int32(id), int32(1), list([1], int32), list([1], int32)])
    const topic = (name: string): Buffer => {
      // As of a real one: who asks first is told that its topic is being made.
      const isMade = this.#topics.has(name)
      if (!isMade)
        this.#topics.set(
          name,
          Array.from({ length: PARTITIONS }, () => []),
        )
      const ids = isMade ? Array.from({ length: PARTITIONS }, (_, id) => id) : []
      const error = int16(isMade ? 0 : LEADER_NOT_AVAILABLE)
      return Buffer.concat([error, text(name), Buffer.of(0), list(ids, partition)])
    }
    return Buffer.concat([list([broker], each => each), int32(1), list(asked, topic)])
  }

  /** The error and the offset of the first record. */
  append(topic: string, partition: number, batch: Buffer): readonly [number, number] {
    const records = this.#topics.get(topic)?.[partition]
    if (records === undefined) return [UNKNOWN_TOPIC_OR_PARTITION, -1]
    try {
      const first = records.length
      records.push(...readRecordBatch(batch))
      return [0, first]
    } catch {
      return [CORRUPT_MESSAGE, -1]
    }
  }
}

/** One connection: who has not said who it is where a login is set is cut off, as a real one does. */
class Session {
  readonly #log: FakeLog
  readonly #login: Login | null
  #isKnown: boolean

  constructor(log: FakeLog, login: Login | null) {
    this.#log = log
    this.#login = login
    this.#isKnown = login === null
  }

  take(request: Buffer): { readonly key: number; readonly answer: Buffer | null } {
    const reader = new WireReader(request)
    const [key, version, correlation] = [reader.int16(), reader.int16(), reader.int32()]
    reader.text()
    const body = this.#body(key, version, reader)
    return { key, answer: body === null ? null : Buffer.concat([int32(correlation), body]) }
  }

  #body(key: number, version: number, reader: WireReader): Buffer | null {
    const isSpoken = SPOKEN.some(([each, its]) => each === key && its === version)
    // A client that asks for a newer list of versions is told so in the oldest form, with the list.
    if (key === API_VERSIONS) return Buffer.concat([int16(isSpoken ? 0 : UNSUPPORTED_VERSION), spoken()])
    const isOpen = key === SASL_HANDSHAKE || key === SASL_AUTHENTICATE
    return isSpoken && (this.#isKnown || isOpen) ? this.#answer(key, reader) : null
  }

  #answer(key: number, reader: WireReader): Buffer {
    if (key === PRODUCE) return this.#produce(reader)
    if (key === METADATA) return this.#log.metadata((reader.list(() => reader.text()) ?? []).map(String))
    if (key === SASL_HANDSHAKE) {
      const isPlain = reader.text() === 'PLAIN'
      return Buffer.concat([int16(isPlain ? 0 : UNSUPPORTED_SASL_MECHANISM), list(['PLAIN'], text)])
    }
    return this.#authenticate(reader)
  }

  #authenticate(reader: WireReader): Buffer {
    // RFC 4616: whom to act for, who it is, the password.
    const [, username, password] = reader.bytes(reader.int32()).toString().split('\0')
    this.#isKnown = username === this.#login?.username && password === this.#login?.password
    if (this.#isKnown) return Buffer.concat([int16(0), text(null), int32(0)])
    return Buffer.concat([int16(SASL_AUTHENTICATION_FAILED), text('Wrong password.'), int32(0)])
  }

  #produce(reader: WireReader): Buffer {
    reader.text()
    if (reader.int16() !== -1) throw new Error('It knows acks=all only.')
    reader.int32()
    const topics = reader.list(() => {
      const name = reader.text() ?? ''
      const partitions = reader.list(() => {
        const partition = reader.int32()
        const [error, offset] = this.#log.append(name, partition, reader.bytes(reader.int32()))
        return Buffer.concat([int32(partition), int16(error), int64(offset), int64(-1)])
      })
      return Buffer.concat([text(name), list(partitions ?? [], each => each)])
    })
    return Buffer.concat([list(topics ?? [], each => each), int32(0)])
  }
}

function spoken(): Buffer {
  return list(SPOKEN, ([key, version]) => Buffer.concat([int16(key), int16(version), int16(version)]))
}
