// Opens MongoDB and the collections of a tracker store; loaded only where a tracker_store asks for it.

import { type Collection, type Document, MongoClient } from 'mongodb'
import { MONGO_TIMEOUT } from './mongo-errors.ts'

export interface MongoSettings {
  /** `mongodb://` or `mongodb+srv://`, with whatever the driver reads from it. */
  readonly url: string
  readonly db: string
  readonly username: string | null
  readonly password: string | null
  /** The database that knows the user. */
  readonly authSource: string
  /** Rasa's collection; ours have names that begin with it. */
  readonly collection: string
}

/** One append to a conversation; with number 0 no more than what became of a message. */
export interface TurnDocument {
  /** Sender and the state before as JSON: of two turns that were computed from one state the second meets the first. */
  readonly _id: string
  readonly sender: string
  readonly number: number
  readonly tail: string
  /** Tail of the state that it was computed from. */
  readonly before: string
  /** Whether the conversation begins here, whatever was before. */
  readonly isStart: boolean
  /** Its events: see turn-text.ts. */
  readonly text: string
  readonly why: string | null
  /** Of its last event, in seconds since 1970. */
  readonly time: number
  /** Names the message that it handled, so that none is handled twice; the tail where there was none. */
  readonly settles: string
  readonly handled?: Verdict
  /** When the message was handled, in seconds since 1970. */
  readonly settled?: number
  /** How many events of Rasa's document are in the conversation with it. */
  readonly rasaEvents?: number
  /** There until the log has it. */
  readonly unlogged?: true
}

export interface Verdict {
  readonly digest: string
  readonly state: 'done' | 'dead'
  /** A JSON list. */
  readonly replies: string
}

export interface MessageDocument {
  /** Sender and key as JSON. */
  readonly _id: string
  readonly sender: string
  readonly key: string
  readonly digest: string
  /** The accepted message as JSON; null where it was answered in its own request. */
  readonly message: string | null
  readonly isWaiting: boolean
  /** Counts the accepted messages of its sender. */
  readonly position: number
  readonly hasBegun: boolean
  /** Names of its tries. */
  readonly tries: readonly string[]
  readonly sent: number
  /** Outcomes of its actions as JSON, by step. */
  readonly journal: Readonly<Record<string, string>>
  /** In seconds since 1970. */
  readonly time: number
}

/** Counts the accepted messages of a sender. */
export interface CounterDocument {
  readonly _id: string
  readonly sender: string
  readonly accepted: number
}

/** A turn's place in the log of all events. */
export interface LogDocument {
  /** From 1, without gaps. */
  readonly _id: number
  readonly turn: string
}

export interface ReaderDocument {
  readonly _id: string
  readonly cursor: string | null
  readonly owner: string | null
  readonly until: number
}

export interface ReminderDocument {
  /** The reminder's name. */
  readonly _id: string
  readonly key: string
  readonly sender: string
  readonly due: number
  readonly data: string
  readonly tries: number
  readonly owner: string | null
  readonly until: number
}

export interface MongoCollections {
  readonly client: MongoClient
  /** Rasa's own: a document a conversation. */
  readonly rasa: Collection
  /** Ids of the senders that are known here. */
  readonly senders: Collection<{ readonly _id: string }>
  readonly turns: Collection<TurnDocument>
  readonly messages: Collection<MessageDocument>
  readonly counters: Collection<CounterDocument>
  readonly log: Collection<LogDocument>
  readonly readers: Collection<ReaderDocument>
  readonly reminders: Collection<ReminderDocument>
}

/** The collections, with their indexes. Rejects as the driver does where the server is away. */
export async function openMongo(settings: MongoSettings): Promise<MongoCollections> {
  const { url, db, username, password, authSource, collection } = settings
  const client = new MongoClient(url, {
    ...(username === null ? {} : { auth: { username, password: password ?? '' }, authSource }),
    ...{ appName: 'tabula', connectTimeoutMS: 2_000, socketTimeoutMS: MONGO_TIMEOUT },
    ...{ serverSelectionTimeoutMS: MONGO_TIMEOUT, waitQueueTimeoutMS: MONGO_TIMEOUT },
    // What is confirmed outlives the primary.
    writeConcern: { w: 'majority' },
    maxPoolSize: 10,
  })
  const database = client.db(db)
  const own = <Shape extends Document>(name: string): Collection<Shape> =>
    database.collection<Shape>(`${collection}_tabula_${name}`)
  const collections: MongoCollections = {
    client,
    rasa: database.collection(collection),
    senders: own('senders'),
    turns: own('turns'),
    messages: own('messages'),
    counters: own('counters'),
    log: own('log'),
    readers: own('readers'),
    reminders: own('reminders'),
  }
  try {
    await createIndexes(collections)
  } catch (error) {
    await client.close()
    throw error
  }
  return collections
}

/** Each by a command of its own: FerretDB fails at several of which some are there. */
async function createIndexes({
  rasa,
  turns,
  messages,
  counters,
  log,
  reminders,
}: MongoCollections): Promise<void> {
  await Promise.all([
    // Rasa's own, under its name.
    rasa.createIndexes([{ key: { sender_id: 1 } }]),
    turns.createIndexes([{ key: { sender: 1, number: 1 } }]),
    turns.createIndexes([{ key: { settles: 1 }, unique: true }]),
    turns.createIndexes([{ key: { settled: 1 } }]),
    turns.createIndexes([{ key: { unlogged: 1, time: 1 } }]),
    messages.createIndexes([{ key: { sender: 1, isWaiting: 1 } }]),
    messages.createIndexes([{ key: { isWaiting: 1, time: 1 } }]),
    counters.createIndexes([{ key: { sender: 1 } }]),
    log.createIndexes([{ key: { turn: 1 }, unique: true }]),
    reminders.createIndexes([{ key: { sender: 1 } }]),
    reminders.createIndexes([{ key: { due: 1 } }]),
  ])
}
