// Keeps conversations in Redis: a list with one entry an append, a head that every append is compared with. What Rasa keeps
// under its own key is taken over when the conversation is first touched, and whatever Rasa adds there later as well.

import type { LoggedEvent } from '@tabula/protocol'
import type { RedisClient } from '../redis/connect-redis.ts'
import { jointScript } from '../redis/joint-scripts.ts'
import { luaScript } from '../redis/lua-scripts.ts'
import type { LuaScript } from '../redis/lua-scripts.ts'
import { asking } from '../redis/redis-errors.ts'
import { ReplicaWait } from '../redis/replica-wait.ts'
import { rasaKey, sharesSlot, slotOf } from '../redis/redis-keys.ts'
import type { Log } from '../telemetry/log.ts'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { RedisReminderRows } from '../reminders/redis-reminder-rows.ts'
import { StoredReminderScheduler } from '../reminders/stored-reminder-scheduler.ts'
import type { EventLog } from './event-log.ts'
import { MESSAGE_MEMORY } from './message-ledger.ts'
import type { HandledMessage } from './message-ledger.ts'
import { parseRasaTracker, writeRasaTracker } from './rasa-tracker-json.ts'
import { RedisEventLog } from './redis-event-log.ts'
import { RedisMessageLedger } from './redis-message-ledger.ts'
import { RedisSenderIndex } from './redis-sender-index.ts'
import { newTail, tailTime, turnEvents, writeTurn } from './turn-text.ts'
import { conflict, NO_REVISION, reasonsTime } from './tracker-store.ts'
import type { KeptReason, Revision, StoredEvents, TrackerStore, TurnReasons } from './tracker-store.ts'

/** Milliseconds that a written probe stays. */
const PROBE_KEPT = 10_000
/** Seconds that the mark of an erased conversation's last append stays: others may know the conversation a while longer. */
const ERASED_KEPT = 86_400
/** Seconds that the clocks of servers may differ. */
const CLOCKS_APART = 5

export interface RedisTrackerStoreParts {
  readonly redis: RedisClient
  readonly keyPrefix: string
  /** Seconds after its last change that a conversation is kept; null for ever. */
  readonly expiry: number | null
  /** Replicas that must confirm a turn before it counts as saved. */
  readonly waitReplicas?: number
  readonly log: Log
}

export class RedisTrackerStore implements TrackerStore {
  readonly messages: RedisMessageLedger
  readonly #parts: RedisTrackerStoreParts
  readonly #index: RedisSenderIndex
  readonly #replicas: ReplicaWait
  readonly #log: RedisEventLog
  #isLogRead = false
  readonly #scripts: Record<'load' | 'append' | 'replace' | 'takeOver' | 'leaveToRasa', LuaScript>

  private constructor(parts: RedisTrackerStoreParts) {
    const script = (file: string): LuaScript => luaScript(parts.redis, 'tracker-store', file)
    this.#parts = parts
    this.messages = new RedisMessageLedger(parts.redis, parts.keyPrefix)
    this.#index = new RedisSenderIndex(parts.redis, parts.keyPrefix)
    this.#log = new RedisEventLog(parts.redis, parts.keyPrefix)
    this.#replicas = new ReplicaWait(parts.redis, parts.waitReplicas ?? 0)
    this.#scripts = {
      load: jointScript(parts.redis, 'tracker-store', 'load-4.lua'),
      append: jointScript(parts.redis, 'tracker-store', 'append-6.lua'),
      replace: script('replace-3.lua'),
      takeOver: script('take-over-2.lua'),
      leaveToRasa: script('leave-to-rasa-2.lua'),
    }
  }

  /** A store over this client, which is closed with it; looks once for conversations that Rasa left there. */
  static async open(parts: RedisTrackerStoreParts): Promise<RedisTrackerStore> {
    const store = new RedisTrackerStore(parts)
    await store.#index.addRasaSenders()
    return store
  }

  async load(sender: string, known: Revision = NO_REVISION): Promise<StoredEvents> {
    for (;;) {
      const keys = this.#keys(sender)
      const answer = await this.#scripts.load(
        [keys.head, keys.turns, sharesSlot(sender) ? keys.rasa : keys.nothing, keys.pending],
        [known.number, known.tail],
      )
      const [number, tail, follows, turns, waiting, rasa, taken, length] = answer as LoadAnswer
      const revision = { number, tail }
      const left = sharesSlot(sender) ? rasa : number > 0 ? null : await this.#rasaValue(sender)
      if (left !== null) {
        await this.#takeOver(sender, revision, left, { taken, length })
        continue
      }
      if (known.number > number || follows === -1) await this.#tellLoss(sender, known, revision)
      const events = turns.flatMap(turnEvents)
      return { revision, from: follows === 1 ? 'known' : 'start', events, waiting }
    }
  }

  async append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
    handled?: HandledMessage,
  ): Promise<Revision> {
    const { head, turns, reasons, pending, messages, message } = this.#keys(sender)
    const tail = newTail()
    const now = Math.floor(Date.now() / 1000)
    // Before the conversation exists: one that is listed and empty is found out, one that is not listed never is.
    const listed = expected.number === 0 ? this.#index.add(sender) : undefined
    const noted = this.#announce(sender, expected.number + 1, tail, events)
    const saved = this.#scripts.append(
      [head, turns, reasons, message + (handled?.key ?? ''), pending, messages],
      [
        ...[expected.number, expected.tail, tail, writeTurn(tail, events)],
        why.length === 0 ? '' : JSON.stringify({ time: reasonsTime(events), actions: why }),
        this.#parts.expiry ?? 0,
        ...[handled?.key ?? '', handled?.digest ?? '', JSON.stringify(handled?.replies ?? [])],
        ...[MESSAGE_MEMORY, now, handled?.replies.length === 0 ? 1 : 0],
      ],
    )
    const [answer] = await Promise.all([saved, listed, noted])
    const [isSaved, number] = answer as [number, number]
    if (isSaved !== 1) throw conflict(sender)
    await this.#replicas.confirm()
    return { number, tail }
  }

  async replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision> {
    // What Rasa holds is part of what is replaced: taken over first, it does not come back.
    const { revision } = await this.load(sender)
    const { head, turns, reasons } = this.#keys(sender)
    const tail = newTail()
    const args = [tail, writeTurn(tail, events), this.#parts.expiry ?? 0]
    const [number] = await Promise.all([
      this.#scripts.replace([head, turns, reasons], args),
      this.#index.add(sender),
      this.#announce(sender, revision.number + 1, tail, events),
    ])
    return { number: Number(number), tail }
  }

  async why(sender: string): Promise<readonly TurnReasons[]> {
    const lines = await asking(() => this.#parts.redis.lrange(this.#keys(sender).reasons, 0, -1))
    return lines.map(line => JSON.parse(line) as TurnReasons)
  }

  async senders(after: string | null, limit: number): Promise<readonly string[]> {
    return this.#index.page(after, limit)
  }

  async erase(sender: string): Promise<void> {
    const keys = this.#keys(sender)
    const tail = await asking(() => this.#parts.redis.hget(keys.head, 'tail'))
    const records = await this.messages.keysOf(sender)
    // Before it is gone: who finds it gone asks for the mark.
    if (tail !== null) {
      await asking(() => this.#parts.redis.set(this.#erased(tail), '1', 'EX', ERASED_KEPT))
    }
    const own = [keys.head, keys.turns, keys.reasons, keys.pending, keys.messages, ...records]
    await asking(() => this.#parts.redis.del(...own))
    // Rasa's own key may lie on another node.
    await asking(() => this.#parts.redis.del(keys.rasa))
    await this.#index.remove(sender)
  }

  async leaveToRasa(sender: string): Promise<void> {
    const { head, rasa } = this.#keys(sender)
    for (;;) {
      const { revision, events } = await this.load(sender)
      const value = writeRasaTracker(sender, events)
      const { expiry } = this.#parts
      if (!sharesSlot(sender)) {
        const { redis } = this.#parts
        await asking(() => (expiry === null ? redis.set(rasa, value) : redis.set(rasa, value, 'EX', expiry)))
        return
      }
      const args = [revision.number, revision.tail, value, events.length, expiry ?? 0]
      if ((await this.#scripts.leaveToRasa([head, rasa], args)) === 1) return
    }
  }

  async probe(): Promise<void> {
    const { redis, keyPrefix } = this.#parts
    await asking(() => redis.set(`${keyPrefix}tabula:probe`, '1', 'PX', PROBE_KEPT))
  }

  async openLog(): Promise<EventLog> {
    this.#isLogRead = true
    return this.#log
  }

  async openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler> {
    const { redis, keyPrefix } = this.#parts
    return new StoredReminderScheduler(new RedisReminderRows(redis, keyPrefix), onDue, log)
  }

  async close(): Promise<void> {
    this.#parts.redis.disconnect()
  }

  /** Sent ahead of the append on the same connection: a turn that is saved was always announced. */
  async #announce(
    sender: string,
    number: number,
    tail: string,
    events: readonly LoggedEvent[],
  ): Promise<void> {
    if (this.#isLogRead && events.length > 0) await this.#log.announce(sender, number, tail)
  }

  async #rasaValue(sender: string): Promise<string | null> {
    return asking(() => this.#parts.redis.get(this.#keys(sender).rasa))
  }

  /** Rasa's events behind those that were taken already; the conversation is to be read again after it. */
  async #takeOver(
    sender: string,
    revision: Revision,
    json: string,
    { taken, length }: { readonly taken: number; readonly length: number },
  ): Promise<void> {
    const events = parseRasaTracker(json)
    const added = events.slice(taken)
    const { head, turns } = this.#keys(sender)
    const tail = newTail()
    // Without an event the conversation is known all the same, as Rasa knows it.
    const turn = added.length === 0 && revision.number > 0 ? '' : writeTurn(tail, added)
    if (revision.number === 0) await this.#index.add(sender)
    await this.#scripts.takeOver(
      [head, turns],
      [revision.number, revision.tail, tail, turn, length, events.length],
    )
  }

  /** Says that what was known is gone, but for what is gone on purpose: it was erased, or its time was over. */
  async #tellLoss(sender: string, known: Revision, found: Revision): Promise<void> {
    if (this.#mayHaveExpired(known)) return
    if ((await asking(() => this.#parts.redis.exists(this.#erased(known.tail)))) === 1) return
    this.#parts.log.warn(
      { code: 'store.regressed', sender, known: known.number, found: found.number },
      'Redis has forgotten turns that it had confirmed: it was restarted without its log, or a replica took over.',
    )
  }

  #mayHaveExpired({ tail }: Revision): boolean {
    const { expiry } = this.#parts
    const changed = tailTime(tail)
    if (expiry === null || expiry === 0 || changed === null) return false
    return Date.now() / 1000 - changed > expiry - CLOCKS_APART
  }

  /** A key that names nobody: the mark is chance and a time. */
  #erased(tail: string): string {
    return `${this.#parts.keyPrefix}tabula:erased:${tail}`
  }

  #keys(sender: string): Record<KeyName, string> {
    const slot = slotOf(this.#parts.keyPrefix, sender)
    return {
      head: `${slot}head`,
      turns: `${slot}turns`,
      reasons: `${slot}why`,
      pending: `${slot}pending`,
      messages: `${slot}messages`,
      message: `${slot}message:`,
      nothing: `${slot}nothing`,
      rasa: rasaKey(this.#parts.keyPrefix, sender),
    }
  }
}

type KeyName = 'head' | 'turns' | 'reasons' | 'pending' | 'messages' | 'message' | 'nothing' | 'rasa'
type LoadAnswer = [number, string, number, string[], number, string | null, number, number]
