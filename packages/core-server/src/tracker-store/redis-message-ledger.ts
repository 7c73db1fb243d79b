// The ledger of messages in Redis: a hash a message, the list of those that wait, and over all senders a list of who
// may have some waiting, so that another process finds what a dead one left.

import type { BotMessage } from '@tabula/protocol'
import { parseExactJson } from '@tabula/protocol'
import { inboxFull } from '../inbox/inbox.ts'
import type { RedisClient } from '../redis/connect-redis.ts'
import { luaScript } from '../redis/lua-scripts.ts'
import type { LuaScript } from '../redis/lua-scripts.ts'
import { asking } from '../redis/redis-errors.ts'
import { slotOf } from '../redis/redis-keys.ts'
import { MESSAGE_MEMORY, otherBody } from './message-ledger.ts'
import type { AcceptedMessage, JournalEntry, MessageLedger, MessageRecord } from './message-ledger.ts'
import { parseAccepted, writeAccepted } from './stored-message.ts'

export class RedisMessageLedger implements MessageLedger {
  readonly #redis: RedisClient
  readonly #keyPrefix: string
  /** Senders by the time of their last accepted message. */
  readonly #busy: string
  readonly #scripts: Record<
    'busy' | 'accept' | 'begin' | 'giveBack' | 'sent' | 'bury' | 'stranded' | 'settle',
    LuaScript
  >

  constructor(redis: RedisClient, keyPrefix: string) {
    const script = (file: string): LuaScript => luaScript(redis, 'tracker-store', file)
    this.#redis = redis
    this.#keyPrefix = keyPrefix
    this.#busy = `${keyPrefix}tabula:busy`
    this.#scripts = {
      busy: script('busy-1.lua'),
      accept: script('accept-3.lua'),
      begin: script('begin-2.lua'),
      giveBack: script('give-back-1.lua'),
      sent: script('sent-2.lua'),
      bury: script('bury-1.lua'),
      stranded: script('stranded-1.lua'),
      settle: script('settle-1.lua'),
    }
  }

  async accept(sender: string, accepted: AcceptedMessage, most: number): Promise<'accepted' | 'known'> {
    const { key, digest } = accepted
    // Listed before it is kept: one that is listed and not there is found out, the other way it would be forgotten.
    const [, answer] = await Promise.all([
      this.#scripts.busy([this.#busy], [sender]),
      this.#scripts.accept(
        [this.#record(sender, key), this.#pending(sender), this.#messages(sender)],
        [key, digest, writeAccepted(accepted), most, MESSAGE_MEMORY, seconds()],
      ),
    ])
    if (answer === -2) throw otherBody(sender)
    if (answer === -1) throw inboxFull(most)
    return answer === 1 ? 'accepted' : 'known'
  }

  async pending(sender: string): Promise<readonly AcceptedMessage[]> {
    const keys = await asking(() => this.#redis.lrange(this.#pending(sender), 0, -1))
    const kept = await Promise.all(
      keys.map(async key => {
        const [digest, text] = await asking(() =>
          this.#redis.hmget(this.#record(sender, key), 'digest', 'message'),
        )
        return { key, digest: digest ?? '', text: text ?? null }
      }),
    )
    const found: AcceptedMessage[] = []
    for (const { key, digest, text } of kept) {
      // A record that has expired has nothing left to handle.
      if (text === null) await this.sent(sender, key, 0, true)
      else found.push({ key, digest, ...parseAccepted(text) })
    }
    return found
  }

  async begin(sender: string, key: string, digest: string, attempt: string): Promise<MessageRecord> {
    const answer = await this.#scripts.begin(
      [this.#record(sender, key), this.#messages(sender)],
      [key, digest, attempt, MESSAGE_MEMORY, seconds()],
    )
    if (!Array.isArray(answer)) throw otherBody(sender)
    return toRecord(answer as string[])
  }

  async giveBack(sender: string, key: string, attempt: string): Promise<void> {
    await this.#scripts.giveBack([this.#record(sender, key)], [attempt])
  }

  async replies(sender: string, key: string): Promise<readonly BotMessage[]> {
    const replies = await asking(() => this.#redis.hget(this.#record(sender, key), 'replies'))
    return parseExactJson(replies ?? '[]') as BotMessage[]
  }

  async journal(sender: string, key: string, step: number, entry: JournalEntry): Promise<void> {
    await asking(() =>
      this.#redis.hsetnx(this.#record(sender, key), `journal:${step}`, JSON.stringify(entry)),
    )
  }

  async sent(sender: string, key: string, parts: number, isAll: boolean): Promise<void> {
    await this.#scripts.sent([this.#record(sender, key), this.#pending(sender)], [key, parts, isAll ? 1 : 0])
  }

  async bury(sender: string, key: string, replies: readonly BotMessage[]): Promise<void> {
    await this.#scripts.bury([this.#record(sender, key)], [JSON.stringify(replies), MESSAGE_MEMORY])
  }

  async stranded(age: number, limit: number): Promise<readonly string[]> {
    const listed = (await this.#scripts.stranded([this.#busy], [age, limit])) as string[]
    const found: string[] = []
    for (let index = 0; index < listed.length; index += 2) {
      const [sender = '', time = ''] = listed.slice(index, index + 2)
      if ((await asking(() => this.#redis.llen(this.#pending(sender)))) > 0) found.push(sender)
      else await this.#scripts.settle([this.#busy], [sender, time])
    }
    return found
  }

  /** Keys of all records of the sender. */
  async keysOf(sender: string): Promise<readonly string[]> {
    const keys = await asking(() => this.#redis.zrange(this.#messages(sender), 0, -1))
    return keys.map(key => this.#record(sender, key))
  }

  #record(sender: string, key: string): string {
    return `${slotOf(this.#keyPrefix, sender)}message:${key}`
  }

  #pending(sender: string): string {
    return `${slotOf(this.#keyPrefix, sender)}pending`
  }

  #messages(sender: string): string {
    return `${slotOf(this.#keyPrefix, sender)}messages`
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}

function toRecord(flat: readonly string[]): MessageRecord {
  const fields = new Map<string, string>()
  for (let index = 0; index < flat.length; index += 2) fields.set(flat[index] ?? '', flat[index + 1] ?? '')
  const state = fields.get('state')
  let tries = 0
  const journal = new Map<number, JournalEntry>()
  for (const [name, value] of fields) {
    if (name.startsWith('try:')) tries += 1
    if (name.startsWith('journal:')) journal.set(Number(name.slice(8)), parseExactJson(value) as JournalEntry)
  }
  return {
    state: state === 'done' || state === 'dead' ? state : 'open',
    tries,
    replies: parseExactJson(fields.get('replies') ?? '[]') as BotMessage[],
    sent: Number(fields.get('sent') ?? 0),
    journal,
  }
}
