// One run of the order checker: servers, senders, faults by a seed, and the judgement at the end.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openConversations } from '@tabula/core-server'
import { startPostgres } from '../../../../tools/postgres-server.ts'
import { freePort, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { startChainActions } from './action-server.ts'
import { trainChainBot } from './chain.ts'
import { checkRun } from './check.ts'
import type { FinalConversation, StoredEvent, Violation } from './check.ts'
import { httpSay, receiveCallbacks, runSender, sayOnce } from './clients.ts'
import { injectFaults } from './faults.ts'
import { newHistory } from './history.ts'
import type { Way } from './history.ts'
import { seeded } from './random.ts'
import { startServer } from './servers.ts'
import type { RunningProcess } from './servers.ts'

export type OrderStore = (typeof ORDER_STORES)[number]
/** mongo: at TABULA_TEST_MONGO_URL, for there is no package of it that a test could start. */
export const ORDER_STORES = ['redis', 'postgres', 'mongo'] as const

export interface OrderOptions {
  readonly seconds: number
  readonly seed: number
  readonly store: OrderStore
  readonly senders: number
  readonly servers?: number
  /** Milliseconds between two messages of a sender. */
  readonly pause?: number
  /** Milliseconds after which a message whose outcome is not known is given up. */
  readonly patience?: number
  /** Milliseconds that an answer is waited for. */
  readonly answerWithin?: number
  /** Faults that may happen; all that the store can stand by default. */
  readonly faults?: readonly string[]
  /** The action that takes long now and then: the first of a turn, or the second, behind what was said; both by default. */
  readonly slowAction?: 'action_chain' | 'action_rest'
  /** A module that is loaded into each server first. */
  readonly preload?: string
}

export interface OrderResult {
  readonly seed: number
  readonly store: string
  readonly messages: number
  readonly taken: number
  readonly retried: number
  readonly replies: number
  readonly calls: number
  readonly faults: Readonly<Record<string, number>>
  /** Entries of the servers' logs by their code. */
  readonly codes: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
}

const WAYS: readonly Way[] = ['rest', 'callback', 'socketio', 'rest']

export async function runOrder(options: OrderOptions): Promise<OrderResult> {
  const { seconds, seed, store, senders, servers: count = 3, pause = 300 } = options
  const folder = await mkdtemp(join(tmpdir(), 'tabula-order-'))
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const random = seeded(seed)
    const history = newHistory()
    const redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' })
    closers.push(() => redis.stop())
    const actions = await startChainActions(history)
    closers.push(() => actions.close())
    // Some turns last, so that crashes and pauses meet them.
    const { slowAction } = options
    actions.delay = (action, number) => {
      if (slowAction !== undefined && action !== slowAction) return 0
      return number % 5 === (action === 'action_chain' ? 0 : 2) ? 600 : 0
    }
    const callbacks = await receiveCallbacks(history)
    closers.push(() => callbacks.close())
    const endpoints = await endpointsOf(store, redis, actions.url, closers)
    const settings = {
      model: await trainChainBot(folder),
      endpoints,
      credentials: {
        rest: {},
        callback: { url: callbacks.url },
        socketio: { session_persistence: true },
      },
    }
    const running: RunningProcess[] = []
    closers.push(async () => {
      await Promise.all(running.map(server => server.kill()))
    })
    for (let index = 0; index < count; index += 1) {
      running.push(await startServer(settings, await freePort(), options.preload))
    }
    const urls = running.map(server => server.url)
    const end = performance.now() + seconds * 1000
    const isOver = (): boolean => performance.now() > end
    const names = Array.from({ length: senders }, (_, index) => `s${seed}-${index}`)
    const parts = {
      ...{ history, urls, random, isOver, pause, lanes: 2 },
      patience: options.patience ?? 60_000,
      ...(options.answerWithin === undefined ? {} : { answerWithin: options.answerWithin }),
    }
    const talk = names.map((name, index) => runSender(name, WAYS[index % WAYS.length] ?? 'rest', parts))
    await injectFaults({ history, servers: running, redis, random, end, kinds: options.faults })
    await Promise.all(talk)
    await Promise.all(names.map(name => probe(name, parts)))
    await settle()
    const conversations = await Promise.all(names.map(name => readConversation(name, urls[0] ?? '')))
    await addStored(conversations, endpoints)
    const codes = new Map<string, number>()
    for (const server of running)
      for (const [code, n] of server.codes) codes.set(code, (codes.get(code) ?? 0) + n)
    return {
      ...{ seed, store, messages: history.operations.length, replies: history.replies.length },
      taken: history.operations.filter(({ outcome }) => outcome === 'ok').length,
      retried: history.operations.filter(({ retries }) => retries > 0).length,
      calls: history.calls.length,
      faults: Object.fromEntries(
        [...Map.groupBy(history.faults, ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]),
      ),
      codes: Object.fromEntries(codes),
      violations: checkRun(history, conversations),
    }
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

async function endpointsOf(
  store: OrderOptions['store'],
  redis: RedisServer,
  actions: string,
  closers: (() => Promise<void>)[],
): Promise<Readonly<Record<string, unknown>>> {
  const atRedis = { type: 'redis', url: '127.0.0.1', port: redis.port }
  const action_endpoint = { url: actions }
  if (store === 'redis') return { action_endpoint, tracker_store: atRedis, lock_store: atRedis }
  if (store === 'mongo') {
    const url = process.env['TABULA_TEST_MONGO_URL']
    if (url === undefined) throw new Error('TABULA_TEST_MONGO_URL should be the address of a MongoDB')
    const tracker_store = { type: 'mongod', url, db: 'tabula_order', collection: `order${redis.port}` }
    return { action_endpoint, tracker_store, lock_store: atRedis }
  }
  const postgres = await startPostgres()
  closers.push(() => postgres.stop())
  return { action_endpoint, tracker_store: { type: 'sql', url: postgres.url }, lock_store: atRedis }
}

/** After all faults have healed, every sender is answered. */
async function probe(
  sender: string,
  parts: Parameters<typeof httpSay>[2] & { readonly patience: number },
): Promise<void> {
  const { say } = httpSay(sender, 'rest', parts)
  await sayOnce({ sender, way: 'rest', number: 1_000_000 }, say, { history: parts.history, patience: 15_000 })
}

/** Answers that a takeover still sends get their time. */
async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 1_000))
}

export async function readConversation(
  sender: string,
  url: string,
): Promise<{ -readonly [Key in keyof FinalConversation]: FinalConversation[Key] }> {
  const answer = await fetch(`${url}/conversations/${sender}/tracker?include_events=ALL`)
  if (answer.status !== 200)
    throw new Error(`The tracker of ${sender}: ${answer.status} ${await answer.text()}`)
  const { events, slots } = (await answer.json()) as { events: StoredEvent[]; slots: { chain?: unknown } }
  return { sender, events, chain: slots.chain, stored: null }
}

/** What the store holds itself, read past the servers. */
async function addStored(
  conversations: { sender: string; stored: number | null }[],
  endpoints: Readonly<Record<string, unknown>>,
): Promise<void> {
  const source = await openConversations(endpoints)
  const bySender = new Map(conversations.map(conversation => [conversation.sender, conversation]))
  for await (const { sender, events } of source.conversations()) {
    const conversation = bySender.get(sender)
    if (conversation !== undefined) conversation.stored = events.length
  }
  await source.close()
}
