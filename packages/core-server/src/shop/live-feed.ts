// Pushes what changes to pages that look on, as server-sent events (HTML standard, section 9.2). One question a second to
// the index serves all of them, however many they are, and none is asked while nobody looks.

import { PassThrough } from 'node:stream'
import type { Context } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { History } from '../history/history.ts'
import { transcript } from '../history/transcript.ts'
import type { Log } from '../telemetry/log.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'
import type { Caller, UserCaller } from './public-route.ts'
import { isPaused } from './routes/visitor-routes.ts'
import type { Veil } from './veil.ts'

export interface LiveFeedParts {
  readonly history: Pick<History, 'changedSince'>
  readonly store: Pick<TrackerStore, 'load'>
  readonly log: Log
  readonly veil: Veil
  /** Milliseconds between two looks. */
  readonly interval: number
  /** Streams that may be open at once in this process. */
  readonly mostStreams: number
  readonly now: () => number
}

interface Stream {
  readonly send: (event: string, data: unknown) => void
  /** The conversation that it looks on, null for all of them. */
  readonly sender: string | null
  readonly kind: 'user' | 'visitor'
  /** Number of the first event that it has not been sent. */
  next: number
  busy: boolean
  /** Whether there may be more than what is being read just now. */
  isStale: boolean
}

/** Bytes that may wait for a reader; one that is slower is cut off, and comes back with `after`. */
const MOST_WAITING = 1_000_000
const PING = 20_000
/** Timers of more milliseconds fire at once; a visitor's token may last longer. */
const LONGEST_TIMER = 2 ** 31 - 1

export class LiveFeed {
  readonly #parts: LiveFeedParts
  readonly #streams = new Set<Stream>()
  #mark: string | null = null
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null

  constructor(parts: LiveFeedParts) {
    this.#parts = parts
  }

  /** Streams summaries of all conversations, and the events of one; what happens after it has resolved is not missed. */
  async openAdmin(
    ctx: Context,
    caller: UserCaller,
    one: { readonly sender: string; readonly after: number | undefined } | null,
  ): Promise<void> {
    await this.#open(ctx, caller, {
      kind: 'user',
      sender: one?.sender ?? null,
      next: one?.after ?? -1,
    })
  }

  /** Streams what is said to one visitor, in the same way. */
  async openVisitor(
    ctx: Context,
    caller: Caller & { readonly kind: 'visitor' },
    after: number | undefined,
  ): Promise<void> {
    const next = after === undefined ? -1 : after + 1
    await this.#open(ctx, caller, { kind: 'visitor', sender: caller.sender, next })
  }

  /** Looks at once, where this process knows that something has changed. */
  nudge(): void {
    if (this.#streams.size > 0) void this.#look()
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    for (const stream of this.#streams) stream.send('end', {})
    this.#streams.clear()
  }

  async #open(
    ctx: Context,
    caller: Exclude<Caller, { readonly kind: 'nobody' }>,
    what: Pick<Stream, 'kind' | 'sender' | 'next'>,
  ): Promise<void> {
    const { mostStreams, now, veil } = this.#parts
    const { expiresAt } = caller
    if (this.#streams.size >= mostStreams) {
      throw new CodedError('live.full', `More than ${mostStreams} pages look on.`, {
        status: 503,
        details: { retryAfter: 10 },
      })
    }
    const next = await this.#begin(what)
    // Who has gone meanwhile is told nothing.
    if (ctx.res.destroyed) return
    const body = new PassThrough({ highWaterMark: MOST_WAITING })
    const stream: Stream = {
      ...what,
      next,
      busy: false,
      isStale: false,
      send: (event, data) => {
        body.write(`event: ${event}\ndata: ${JSON.stringify(veil(caller, data))}\n\n`)
        if (event === 'end' || body.writableLength > MOST_WAITING) body.end()
      },
    }
    const ping = setInterval(() => body.write(': ping\n\n'), PING)
    const end = setTimeout(() => body.end(), Math.min(LONGEST_TIMER, Math.max(0, (expiresAt - now()) * 1000)))
    body.once('close', () => {
      clearInterval(ping)
      clearTimeout(end)
      this.#streams.delete(stream)
    })
    ctx.req.once('close', () => body.destroy())
    ctx.status = 200
    ctx.set('Content-Type', 'text/event-stream')
    ctx.set('Cache-Control', 'no-store')
    ctx.set('X-Accel-Buffering', 'no')
    ctx.body = body
    body.write(': open\n\n')
    this.#streams.add(stream)
    // What changes from here on is known by the mark of the first look: it comes before the stream is brought up.
    void (this.#mark === null ? this.#look() : this.#catchUp(stream))
    this.#timer ??= setInterval(() => void this.#look(), this.#parts.interval)
  }

  /** Sets the mark that changes are counted from, and gives the number of the stream's first event, -1 where it is not known. */
  async #begin({ sender, next }: Pick<Stream, 'sender' | 'next'>): Promise<number> {
    const { history, store } = this.#parts
    try {
      if (this.#mark === null) {
        const { mark } = await history.changedSince(null)
        this.#mark ??= mark
      }
      return sender === null || next >= 0 ? next : (await store.load(sender)).events.length
    } catch {
      // Of a database that is away the first look that succeeds begins.
      return next
    }
  }

  /** One look at a time; a nudge during one is served by the next. */
  async #look(): Promise<void> {
    if (this.#streams.size === 0) {
      if (this.#timer !== null) clearInterval(this.#timer)
      this.#timer = null
      this.#mark = null
      return
    }
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = null
    })
    await this.#looking
  }

  async #lookOnce(): Promise<void> {
    const { history, log } = this.#parts
    try {
      const isFirst = this.#mark === null
      const { mark, changed } = await history.changedSince(this.#mark)
      this.#mark = mark
      const changedSenders = new Set(changed.map(({ sender }) => sender))
      for (const stream of this.#streams) {
        if (stream.kind === 'user') for (const summary of changed) stream.send('conversation', summary)
        if (isFirst || (stream.sender !== null && changedSenders.has(stream.sender)))
          await this.#catchUp(stream)
      }
    } catch (err) {
      log.warn({ code: 'live.look', err }, 'Pages that look on were not told what changed; tried again.')
    }
  }

  /** Sends the events of the stream's conversation that it does not have. */
  async #catchUp(stream: Stream): Promise<void> {
    if (stream.sender === null) return
    // What is being read may be older than what this was called for.
    stream.isStale = stream.busy
    if (stream.busy) return
    stream.busy = true
    try {
      const { events } = await this.#parts.store.load(stream.sender)
      const first = stream.next < 0 ? events.length : Math.min(stream.next, events.length)
      stream.next = events.length
      if (stream.kind === 'user') {
        if (first < events.length)
          stream.send('events', { sender: stream.sender, first, events: events.slice(first) })
        return
      }
      for (const said of transcript(events)) if (said.number >= first) stream.send('message', said)
      stream.send('state', { paused: isPaused(events) })
    } catch (err) {
      this.#parts.log.warn(
        { code: 'live.load', err },
        'A conversation was not read for a page that looks on.',
      )
    } finally {
      stream.busy = false
    }
    if (stream.isStale) await this.#catchUp(stream)
  }
}
