// Feeds one broker from the event log: at least once, in the order of the log, from where it stopped. A broker that is away
// stops nothing; it is asked again until it takes what has gathered.

import { randomUUID } from 'node:crypto'
import type { LoggedEvent } from '@tabula/protocol'
import type { EventLog, LogCursor } from '../tracker-store/event-log.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventBroker } from './event-broker.ts'

export interface FeedPauses {
  /** Milliseconds between two looks into the log where nothing wakes the feed. */
  readonly look: number
  /** Milliseconds before a broker that failed is asked again: the first time, and at most. */
  readonly retry: number
  readonly longestRetry: number
  /** How long a process may read for a broker before it asks for it anew. */
  readonly claim: number
}

export const FEED_PAUSES: FeedPauses = { look: 200, retry: 500, longestRetry: 30_000, claim: 15_000 }

const AT_ONCE = 200

export class EventFeed {
  readonly #broker: EventBroker
  readonly #log: Log
  readonly #events: EventLog
  readonly #pauses: FeedPauses
  readonly #mask: (event: LoggedEvent) => LoggedEvent
  readonly #owner = randomUUID()
  #cursor: LogCursor | null = null
  #failures = 0
  #isClosed = false
  #wake: (() => void) | null = null
  #run: Promise<void> | null = null

  /** `mask` is what each event goes through before the broker gets it. */
  constructor(
    broker: EventBroker,
    events: EventLog,
    log: Log,
    pauses: FeedPauses = FEED_PAUSES,
    mask: (event: LoggedEvent) => LoggedEvent = event => event,
  ) {
    this.#mask = mask
    this.#broker = broker
    this.#events = events
    this.#log = log
    this.#pauses = pauses
  }

  /** How many times in a row the broker has failed; 0 while it takes what comes. */
  get failures(): number {
    return this.#failures
  }

  get name(): string {
    return this.#broker.name
  }

  /** Resolves when the feed has its place in the log: all that is stored later goes to the broker. */
  async start(): Promise<void> {
    // A broker that is new to the conversations gets what comes from now on, as in Rasa.
    if ((await this.#events.place(this.#broker.name)) === null)
      await this.#events.keepPlace(this.#broker.name, await this.#events.end())
    this.#run ??= this.#feed()
  }

  /** Tells that something was stored. */
  wake(): void {
    this.#wake?.()
  }

  /** Publishes what is stored by now if the broker takes it, then ends. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.wake()
    await this.#run
    await this.#broker.close()
  }

  async #feed(): Promise<void> {
    for (;;) {
      const isLast = this.#isClosed
      const pause = await this.#step()
      if (isLast) return
      if (pause > 0) await this.#sleep(pause)
    }
  }

  /** Publishes the next events; gives the milliseconds to wait before the next step. */
  async #step(): Promise<number> {
    const { look, retry, longestRetry, claim } = this.#pauses
    try {
      if (!(await this.#events.claim(this.#broker.name, this.#owner, claim))) {
        // Another process reads for this broker; its place is asked for anew when it is this one's turn.
        this.#cursor = null
        return claim / 3
      }
      this.#cursor ??= (await this.#events.place(this.#broker.name)) ?? ''
      const { entries, cursor } = await this.#events.read(this.#cursor, AT_ONCE)
      if (entries.length === 0) return look
      await this.#broker.publish(entries.map(entry => ({ ...entry, event: this.#mask(entry.event) })))
      await this.#events.keepPlace(this.#broker.name, cursor)
      this.#cursor = cursor
      if (this.#failures > 0)
        this.#log.info(
          { code: 'broker.back', broker: this.#broker.name },
          'The event broker takes events again.',
        )
      this.#failures = 0
      return entries.length < AT_ONCE ? look : 0
    } catch (err) {
      this.#failures += 1
      this.#log.error(
        { code: 'broker.away', broker: this.#broker.name, failures: this.#failures, err },
        'The event broker did not take the events; they stay in the log and are sent again.',
      )
      return Math.min(longestRetry, retry * 2 ** Math.min(this.#failures - 1, 16))
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    return new Promise(resolve => {
      const end = (): void => {
        clearTimeout(timer)
        this.#wake = null
        resolve()
      }
      const timer = setTimeout(end, milliseconds)
      // Only a feed that is not waiting for a broken broker is woken early.
      this.#wake = this.#failures === 0 || this.#isClosed ? end : null
    })
  }
}
