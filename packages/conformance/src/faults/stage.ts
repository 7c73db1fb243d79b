// What the fault matrix plays on: the chain bot on server processes over a Redis of their own, clients that write down what
// they saw, and the order checker's judgement at the end.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { freePort, hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { startChainActions } from '../order/action-server.ts'
import type { ChainActions } from '../order/action-server.ts'
import { trainChainBot } from '../order/chain.ts'
import { checkRun } from '../order/check.ts'
import type { FinalConversation, StoredEvent } from '../order/check.ts'
import { httpSay, receiveCallbacks, sayOnce } from '../order/clients.ts'
import { newHistory } from '../order/history.ts'
import type { History, Operation } from '../order/history.ts'
import { startServer } from '../order/servers.ts'
import type { ProcessOptions, RunningProcess } from '../order/servers.ts'
import { crashPoints } from './crash-points.ts'
import type { CrashPoint } from './crash-points.ts'

export type Endpoint = Readonly<Record<string, unknown>>

export interface StageOptions {
  readonly servers?: number
  /** Milliseconds that a server which is asked to stop gives balancers. */
  readonly notice?: number
  /** Lines of redis.conf; every change is on disk before it is confirmed where nothing else is said. */
  readonly redis?: Readonly<Record<string, string>>
  /** What servers know of Redis, all the same or each its own; by default its own port. */
  readonly endpoint?: Endpoint | readonly Endpoint[]
  /** Called with the port of Redis before servers start. */
  readonly reached?: (port: number) => Promise<void>
  /** A module that is loaded into each server first, in place of the places to die at. */
  readonly preload?: string
  /** Another action server, or another tracker store. */
  readonly endpoints?: Readonly<Record<string, unknown>>
  /** Megabytes of each server's heap at most. */
  readonly heap?: number
}

export interface Stage {
  readonly history: History
  readonly actions: ChainActions
  readonly servers: readonly RunningProcess[]
  readonly redis: RedisServer
  /** The server dies when it comes to the place next; a number has it stand still so long on SIGUSR2. */
  arm(server: number, point: CrashPoint | number): void
  /** Notes a fault, for what the checker lets pass. */
  note(kind: string): void
  /** Says a message, again and again under its id until it is taken; at these servers, each in turn. */
  say(sender: string, number: number, options?: SayOptions): Promise<Operation>
  /** Says it once: what became of it. */
  tryOnce(sender: string, number: number, options?: SayOptions): Promise<Operation['outcome']>
  /** Senders that say one message after the other until they are told to end. */
  talk(options: TalkOptions): Talk
  /** The conversation as a server shows it. */
  read(sender: string, server?: number): Promise<{ events: readonly StoredEvent[]; chain: unknown }>
  /** Nothing lost, doubled or out of order, in what all senders said. */
  holds(t: ExecutionContext, server?: number): Promise<void>
}

export interface SayOptions {
  readonly way?: 'rest' | 'callback'
  readonly at?: readonly number[]
  readonly patience?: number
}

export interface TalkOptions extends SayOptions {
  readonly senders: readonly string[]
  /** The number of their first message. */
  readonly from?: number
  /** Milliseconds between a sender's messages. */
  readonly pause?: number
}

export interface Talk {
  /** Milliseconds that each taken message took, with the time it was said. */
  readonly times: { readonly at: number; readonly took: number }[]
  end(): Promise<void>
}

export const canStage = hasRedis()
const DURABLE = { appendonly: 'yes', appendfsync: 'always' }

export async function openStage(t: ExecutionContext, options: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-faults-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const history = newHistory()
  const redis = await startRedis(options.redis ?? DURABLE)
  t.teardown(() => redis.stop())
  await options.reached?.(redis.port)
  const actions = await startChainActions(history)
  t.teardown(() => actions.close())
  const callbacks = await receiveCallbacks(history)
  t.teardown(() => callbacks.close())
  const model = await trainChainBot(folder)
  const settingsOf = (index: number): ProcessOptions => {
    const { endpoint = { type: 'redis', url: '127.0.0.1', port: redis.port } } = options
    const store: unknown = Array.isArray(endpoint) ? endpoint[index] : endpoint
    const action_endpoint = { url: actions.url }
    return {
      model,
      ...(options.heap === undefined ? {} : { heap: options.heap }),
      endpoints: { action_endpoint, tracker_store: store, lock_store: store, ...options.endpoints },
      credentials: { rest: {}, callback: { url: callbacks.url }, socketio: { session_persistence: true } },
    }
  }
  const points = Array.from({ length: options.servers ?? 2 }, (_, index) => crashPoints(folder, index))
  const servers: RunningProcess[] = []
  t.teardown(async () => {
    await Promise.all(
      servers.map(async server => {
        server.signal('SIGCONT')
        await server.kill()
      }),
    )
  })
  const starting = points.map(async ({ preload }, index) =>
    startServer(settingsOf(index), await freePort(), options.preload ?? preload, options.notice),
  )
  servers.push(...(await Promise.all(starting)))
  const urlsOf = (at: readonly number[] = [...servers.keys()]): string[] =>
    at.map(index => servers[index]?.url ?? '')
  const sayer = (sender: string, { way = 'rest', at }: SayOptions) => {
    const urls = urlsOf(at)
    let turn = 0
    // Each server in turn, as a balancer would have it.
    const random = (): number => (turn++ % urls.length) / urls.length
    return httpSay(sender, way, { history, urls, random }).say
  }
  const stage: Stage = {
    ...{ history, actions, servers, redis },
    arm: (server, point) => points[server]?.arm(point),
    note: kind => history.faults.push({ kind, at: performance.now() }),
    say: (sender, number, said = {}) =>
      sayOnce({ sender, way: said.way ?? 'rest', number }, sayer(sender, said), {
        history,
        patience: said.patience ?? 60_000,
      }),
    tryOnce: (sender, number, said = {}) => sayer(sender, said)(number),
    talk(said) {
      let isOver = false
      const times: { at: number; took: number }[] = []
      const talks = said.senders.map(async sender => {
        for (let number = said.from ?? 1; !isOver; number += 1) {
          const { sent, ended } = await stage.say(sender, number, said)
          times.push({ at: sent, took: ended - sent })
          await sleep(said.pause ?? 50)
        }
      })
      return {
        times,
        async end() {
          isOver = true
          await Promise.all(talks)
        },
      }
    },
    async read(sender, server = 0) {
      const answer = await fetch(
        `${servers[server]?.url ?? ''}/conversations/${sender}/tracker?include_events=ALL`,
      )
      if (answer.status !== 200) throw new Error(`${sender}: ${answer.status} ${await answer.text()}`)
      const { events, slots } = (await answer.json()) as {
        readonly events: readonly StoredEvent[]
        readonly slots: { readonly chain?: unknown }
      }
      return { events, chain: slots.chain }
    },
    async holds(t, server = 0) {
      const senders = [...new Set(history.operations.map(({ sender }) => sender))]
      const final: FinalConversation[] = []
      for (const sender of senders)
        final.push({ sender, ...(await stage.read(sender, server)), stored: null })
      t.deepEqual(checkRun(history, final), [])
    },
  }
  return stage
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

/** Milliseconds until it is so; throws after as many as `within`. */
export async function until(isSo: () => boolean | Promise<boolean>, within: number): Promise<number> {
  const start = performance.now()
  while (!(await isSo())) {
    if (performance.now() - start > within) throw new Error(`It is not so after ${within} ms.`)
    await sleep(20)
  }
  return performance.now() - start
}

/** How many parts of the answer to a message came. */
export function partsOf({ replies }: History, sender: string, number: number): number {
  return replies.filter(reply => reply.sender === sender && reply.number === number).length
}

/** Texts of a conversation's user events. */
export function saidIn(events: readonly StoredEvent[]): readonly unknown[] {
  return events.filter(({ event }) => event === 'user').map(({ text }) => text)
}

/** Log entries under a code, over all servers. */
export function counted({ servers }: Pick<Stage, 'servers'>, code: string): number {
  return servers.reduce((sum, { codes }) => sum + (codes.get(code) ?? 0), 0)
}
