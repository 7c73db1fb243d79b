// A server that speaks MongoDB's wire protocol (OP_MSG, and OP_QUERY for the first greeting) and holds what it is told in
// memory, for tests where there is no MongoDB: its real driver talks to it. It knows the commands and operators that the tracker store uses, and no others.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { aggregate, find, Query, update } from 'mingo'
import { BSON } from 'mongodb'

type Fields = Record<string, unknown>
type Answer = Readonly<Fields>

export interface FakeMongo {
  readonly url: string
  /** Takes every command from now on and answers none of them; with false it goes on as before. */
  hang(isHanging: boolean): void
  stop(): Promise<void>
}

const OP_MSG = 2013
const OP_QUERY = 2004
const OP_REPLY = 1
/** Length, request, answered request, kind. */
const HEADER = 16
const NO_SUCH_COMMAND = 59
const DUPLICATE_KEY = 11_000

/** The server, on a free port of loopback. */
export async function startFakeMongo(): Promise<FakeMongo> {
  const databases = new Map<string, FakeCollections>()
  const sockets = new Set<Socket>()
  let isHanging = false
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    let received = Buffer.alloc(0)
    socket.on('data', data => {
      received = Buffer.concat([received, data])
      while (received.length >= HEADER && received.length >= received.readInt32LE(0)) {
        const message = received.subarray(0, received.readInt32LE(0))
        received = received.subarray(message.length)
        if (!isHanging) socket.write(answerTo(message, databases))
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `mongodb://127.0.0.1:${port}`,
    hang(hanging) {
      isHanging = hanging
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerTo(message: Buffer, databases: Map<string, FakeCollections>): Buffer {
  if (message.readInt32LE(12) === OP_QUERY) return packed(message, OP_REPLY, GREETED, HELLO)
  const command = commandIn(message)
  const name = String(command['$db'])
  const collections = databases.get(name) ?? new FakeCollections()
  databases.set(name, collections)
  return packed(message, OP_MSG, NO_FLAGS, collections.run(command))
}

/** Flags of an OP_MSG, and that what follows is a whole document. */
const NO_FLAGS = Buffer.alloc(5)
/** Flags, no cursor, from the first on, of one document. */
const GREETED = Buffer.from([...Array<number>(16).fill(0), 1, 0, 0, 0])

function packed(asked: Buffer, kind: number, before: Buffer, answer: Answer): Buffer {
  const body = BSON.serialize(answer)
  const head = Buffer.alloc(HEADER)
  head.writeInt32LE(HEADER + before.length + body.length, 0)
  head.writeInt32LE(asked.readInt32LE(4), 8)
  head.writeInt32LE(kind, 12)
  return Buffer.concat([head, before, body])
}

/** The command of a message, with the lists of its sections of kind 1 in their places. */
function commandIn(message: Buffer): Fields {
  const command: Fields = {}
  let at = HEADER + 4
  while (at < message.length) {
    const kind = message[at]
    const size = message.readInt32LE(at + 1)
    const section = message.subarray(at + 1, at + 1 + size)
    at += 1 + size
    if (kind === 0) Object.assign(command, documentIn(section))
    else {
      const end = section.indexOf(0, 4)
      const list: Fields[] = []
      for (let place = end + 1; place < section.length; place += section.readInt32LE(place))
        list.push(documentIn(section.subarray(place, place + section.readInt32LE(place))))
      command[section.toString('utf8', 4, end)] = list
    }
  }
  return command
}

/** Numbers as such, but for doubles that are whole and small: 5.0 stays a double. Large ones are times, which are compared. */
function documentIn(bytes: Buffer): Fields {
  return plain(BSON.deserialize(bytes, { promoteValues: false })) as Fields
}

function plain(value: unknown): unknown {
  if (value instanceof BSON.Double)
    return Number.isInteger(value.value) && Math.abs(value.value) < 2 ** 31 ? value : value.value
  if (value instanceof BSON.Int32 || value instanceof BSON.Long) return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || '_bsontype' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}

class FakeCollections {
  readonly #documents = new Map<string, Fields[]>()
  /** Fields whose values no two documents of a collection share. */
  readonly #unique = new Map<string, Set<string>>()

  run(command: Fields): Answer {
    const [name = ''] = Object.keys(command)
    const collection = String(command[name])
    switch (name) {
      case 'hello':
      case 'ismaster':
      case 'isMaster':
        return HELLO
      case 'ping':
      case 'endSessions':
        return { ok: 1 }
      case 'createIndexes':
        for (const { key, unique } of listOf(command['indexes']))
          if (unique === true) this.#uniqueOf(collection).add(Object.keys(key as Fields)[0] ?? '')
        return { ok: 1 }
      case 'insert':
        return this.#insert(collection, listOf(command['documents']))
      case 'find':
        return cursorOf(this.#find(collection, command))
      case 'aggregate': {
        const found = aggregate(this.#of(collection), listOf(command['pipeline']))
        return cursorOf(found)
      }
      case 'update':
        return this.#update(collection, listOf(command['updates']))
      case 'delete':
        return {
          ok: 1,
          n: listOf(command['deletes']).reduce((n, each) => n + this.#delete(collection, each), 0),
        }
      case 'findAndModify':
        return this.#findAndModify(collection, command)
      default:
        return { ok: 0, code: NO_SUCH_COMMAND, errmsg: `no such command: '${name}'` }
    }
  }

  #of(collection: string): Fields[] {
    const documents = this.#documents.get(collection) ?? []
    this.#documents.set(collection, documents)
    return documents
  }

  #uniqueOf(collection: string): Set<string> {
    const unique = this.#unique.get(collection) ?? new Set(['_id'])
    this.#unique.set(collection, unique)
    return unique
  }

  #find(collection: string, { filter, sort, limit, projection }: Fields): Fields[] {
    const chosen = projection === undefined ? undefined : (projection as Record<string, 0 | 1>)
    const cursor = find<Fields, Fields>(this.#of(collection), filter ?? {}, chosen)
    if (sort !== undefined) cursor.sort(sort as Record<string, 1 | -1>)
    const found = cursor.all()
    return typeof limit === 'number' && limit > 0 ? found.slice(0, limit) : found
  }

  /** The document that has the same value in a unique field, as MongoDB tells it; null where there is none. */
  #clash(collection: string, document: Fields): Answer | null {
    for (const field of this.#uniqueOf(collection))
      if (this.#of(collection).some(other => other !== document && other[field] === document[field]))
        return {
          code: DUPLICATE_KEY,
          errmsg: `E11000 duplicate key error collection: ${collection} ${field}`,
        }
    return null
  }

  #insert(collection: string, documents: readonly Fields[]): Answer {
    for (const [index, document] of documents.entries()) {
      const clash = this.#clash(collection, document)
      if (clash !== null) return { ok: 1, n: index, writeErrors: [{ index, ...clash }] }
      this.#of(collection).push(document)
    }
    return { ok: 1, n: documents.length }
  }

  #update(collection: string, updates: readonly Fields[]): Answer {
    const upserted: Fields[] = []
    let n = 0
    for (const [index, { q, u, multi, upsert }] of updates.entries()) {
      const found = this.#find(collection, { filter: q })
      const meant = multi === true ? found : found.slice(0, 1)
      n += meant.length
      for (const document of meant) {
        const clash = this.#change(collection, document, u as Fields)
        if (clash !== null) return { ok: 1, n, writeErrors: [{ index, ...clash }] }
      }
      if (meant.length > 0 || upsert !== true) continue
      const { document, clash } = this.#upsert(collection, q as Fields, u as Fields)
      if (clash !== null) return { ok: 1, n, writeErrors: [{ index, ...clash }] }
      upserted.push({ index, _id: document['_id'] })
      n += 1
    }
    return { ok: 1, n, nModified: n - upserted.length, ...(upserted.length > 0 ? { upserted } : {}) }
  }

  #findAndModify(collection: string, { query, update: change, new: isNew, upsert, sort }: Fields): Answer {
    const [found] = this.#find(collection, { filter: query, sort })
    if (found !== undefined) {
      const before = structuredClone(found)
      const clash = this.#change(collection, found, change as Fields)
      return clash === null ? { ok: 1, value: isNew === true ? found : before } : { ok: 0, ...clash }
    }
    if (upsert !== true) return { ok: 1, value: null }
    const { document, clash } = this.#upsert(collection, query as Fields, change as Fields)
    return clash === null ? { ok: 1, value: isNew === true ? document : null } : { ok: 0, ...clash }
  }

  #change(collection: string, document: Fields, change: Fields): Answer | null {
    const operators = Object.entries(change).filter(([key]) => key.startsWith('$'))
    if (operators.length > 0)
      update(document, Object.fromEntries(operators.filter(([key]) => key !== '$setOnInsert')))
    else {
      for (const key of Object.keys(document)) if (key !== '_id') Reflect.deleteProperty(document, key)
      Object.assign(document, change)
    }
    return this.#clash(collection, document)
  }

  /** A new document of what the query asks to be equal and what the change says. */
  #upsert(
    collection: string,
    query: Fields,
    change: Fields,
  ): { readonly document: Fields; readonly clash: Answer | null } {
    const isPlain = ([key, value]: [string, unknown]): boolean =>
      !key.startsWith('$') &&
      !key.includes('.') &&
      (typeof value !== 'object' || value === null || '_bsontype' in value)
    const document: Fields = Object.fromEntries(Object.entries(query).filter(isPlain))
    Object.assign(document, change['$setOnInsert'])
    document['_id'] ??= new BSON.ObjectId()
    this.#change(collection, document, change)
    const clash = this.#clash(collection, document)
    if (clash === null) this.#of(collection).push(document)
    return { document, clash }
  }

  #delete(collection: string, { q, limit }: Fields): number {
    const documents = this.#of(collection)
    const query = new Query<Fields>(q as Fields)
    const found = documents.filter(document => query.test(document))
    const gone = new Set(limit === 1 ? found.slice(0, 1) : found)
    this.#documents.set(
      collection,
      documents.filter(document => !gone.has(document)),
    )
    return gone.size
  }
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : []
}

function cursorOf(firstBatch: readonly Fields[]): Answer {
  return { ok: 1, cursor: { id: BSON.Long.ZERO, ns: 'fake.fake', firstBatch } }
}

const HELLO: Answer = {
  ok: 1,
  isWritablePrimary: true,
  helloOk: true,
  minWireVersion: 0,
  maxWireVersion: 21,
  maxBsonObjectSize: 16 * 2 ** 20,
  maxMessageSizeBytes: 48 * 2 ** 20,
  maxWriteBatchSize: 100_000,
}
