// The chat without its looks: who talks to whom, what goes out when, and what comes in. The view shows its state.

import type { ChatHost, Outgoing } from '../widget/contract.ts'
import { storageKey } from '../widget/contract.ts'
import type { Attached, BotEntry, Conversation, Problem, UserEntry, Vote } from './conversation.ts'
import { addReply, answered, changeMessage, newConversation, newUserEntry } from './conversation.ts'
import { ConversationStore } from './conversation-store.ts'
import { askForLead } from './leader.ts'
import { lastNumber, mergeHistory } from './merge-history.ts'
import type { PastMessage } from './merge-history.ts'
import { readReply, summarize } from './messages/reply.ts'
import { randomId } from './random-id.ts'
import { connect, identify, isHash } from './transport/connect.ts'
import type { Connected } from './transport/connect.ts'
import type { Sent, TransportEvents } from './transport/transport.ts'
import { backoff, delayOrOnline } from './transport/transport.ts'
import { fetchHistory, RefusedError, sendRating, uploadFile } from './transport/visitor-api.ts'

/** What is true now and is not kept. */
export interface Live {
  /** null while that is not known yet. */
  readonly isOnline: boolean | null
  readonly isTyping: boolean
  /** When a busy server may be asked again, in milliseconds since 1970. */
  readonly busyUntil: number
  /** What the server can do beside talking. */
  readonly isTabula: boolean
}

export class Session {
  readonly store: ConversationStore
  live: Live = { isOnline: null, isTyping: false, busyUntil: 0, isTabula: false }
  readonly #host: ChatHost
  readonly #changed: () => void
  readonly #channel: BroadcastChannel | null
  #token: string
  #connected: Connected | null = null
  #lead: AbortSignal | null = null
  #stopLeading: () => void = () => undefined
  #connection = new AbortController()
  #isFlushing = false

  constructor(host: ChatHost, changed: () => void) {
    const { options } = host
    this.#host = host
    this.#changed = changed
    this.#token = options.token
    const key = storageKey(options)
    this.store = new ConversationStore({ key, storage: options.storage, hours: options.storageHours })
    this.store.onChange((conversation, before) => {
      this.#notice(conversation, before)
    })
    this.#channel = this.store.isShared && 'BroadcastChannel' in window ? new BroadcastChannel(key) : null
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<Live>) => {
      if (this.#lead !== null) return
      this.live = data
      this.#changed()
    })
    this.#stopLeading = askForLead(key, this.store.isShared, signal => {
      this.#lead = signal
      void this.#connect()
    })
    this.#tellUnread(this.store.current)
  }

  say({ text, payload = text, metadata }: Outgoing, files: readonly Attached[] = [], isHidden = false): void {
    const { customData } = this.#host.options
    const all = { ...customData, ...metadata, ...(files.length > 0 ? { files } : {}) }
    const words = { text, payload, files, isHidden, metadata: Object.keys(all).length > 0 ? all : null }
    this.store.add(newUserEntry(words, randomId(), Date.now()))
    this.#host.emit('sent', payload)
    void this.#flush()
  }

  retry(id: string): void {
    this.store.update(conversation => changeMessage(conversation, id, { delivery: 'waiting', problem: null }))
    void this.#flush()
  }

  /** Begins a conversation that the bot does not know; a known user is the same one, so the bot is told. */
  reset(): void {
    const now = Date.now()
    const isKnown = this.#host.options.userId !== ''
    this.store.update(() => ({ ...newConversation(now), since: isKnown ? now : 0 }))
    if (isKnown) this.say({ text: '/restart' }, [], true)
    else this.#reconnect()
    this.greet()
  }

  /** What the page wants a conversation to begin with, where nothing was said yet. */
  greet(): void {
    const { firstMessage } = this.#host.options
    const isNew = this.store.current.entries.every(
      entry => entry.from === 'user' && entry.payload === '/restart',
    )
    if (firstMessage !== '' && isNew) this.say({ text: firstMessage }, [], true)
  }

  setToken(token: string): void {
    this.#token = token
    this.store.update(conversation => {
      const refused = conversation.entries.filter(entry => entry.from === 'user' && entry.problem === 'token')
      return refused.reduce(
        (changed, { id }) => changeMessage(changed, id, { delivery: 'waiting', problem: null }),
        conversation,
      )
    })
    this.#reconnect()
  }

  seen(): void {
    this.store.update(conversation =>
      conversation.unread === 0 ? conversation : { ...conversation, unread: 0 },
    )
  }

  async rate(score: number, comment: string): Promise<void> {
    const { token } = this.store.current
    if (token !== null)
      await sendRating(this.#host.options.server, token, comment === '' ? { score } : { score, comment })
    this.store.update(conversation => ({ ...conversation, rating: score }))
    this.#host.emit('rated', {
      score,
      comment,
      rating: score > 3 ? 'satisfied' : 'unsatisfied',
      helpful: score > 3,
    })
  }

  /** Tells what the visitor thought of one answer; it is shown at once, and taken back where the server does not take it. */
  async vote({ id, number }: BotEntry, vote: Vote): Promise<void> {
    const { token } = this.store.current
    if (token === null || number === null) return
    const set = (given: Vote | undefined): void => {
      this.store.update(conversation => ({
        ...conversation,
        entries: conversation.entries.map(entry =>
          entry.id === id && entry.from !== 'user' ? { ...entry, vote: given } : entry,
        ),
      }))
    }
    set(vote)
    try {
      await sendRating(this.#host.options.server, token, { vote, number: Math.floor(number) })
      this.#host.emit('rated', { vote, helpful: vote === 'up' })
    } catch {
      set(undefined)
    }
  }

  upload(file: File, progress: (share: number) => void): Promise<Attached> {
    return uploadFile(this.#host.options.server, this.store.current.token ?? this.#token, file, progress)
  }

  close(): void {
    this.#stopLeading()
    this.#connection.abort()
    this.#connected?.transport.close()
    this.#channel?.close()
    this.store.close()
  }

  /** Connects, and again until it has succeeded. */
  async #connect(): Promise<void> {
    const connection = (this.#connection = new AbortController())
    const isOver = (): boolean => connection.signal.aborted || this.#lead?.aborted === true
    for (let attempt = 0; !isOver(); attempt += 1) {
      try {
        const { options } = this.#host
        const identity = await identify(options, this.store.current, this.#token, () => {
          this.#host.emit('error', { code: 'token' })
        })
        const token = (): string => (isHash(this.#token) ? '' : this.#token) || (identity.token ?? '')
        const last = (): number => lastNumber(this.store.current) ?? -1
        const connected = await connect(options, identity, { token, last }, this.#events(connection.signal))
        if (isOver()) {
          connected.transport.close()
          return
        }
        this.#connected = connected
        this.#begin(connected)
        return
      } catch {
        this.#setLive({ isOnline: false })
        await delayOrOnline(backoff(attempt), connection.signal)
      }
    }
  }

  #begin({ identity }: Connected): void {
    const { sender, token, isTabula } = identity
    this.store.update(conversation => {
      // What was under way when a page closed: our server knows it again, another may have it already.
      const entries = conversation.entries.map(entry => {
        if (entry.from !== 'user' || entry.delivery !== 'sending') return entry
        return isTabula
          ? { ...entry, delivery: 'waiting' as const }
          : { ...entry, delivery: 'failed' as const, problem: 'unsure' as const }
      })
      return { ...conversation, sender, token, entries }
    })
    this.#setLive({ isTabula, isOnline: navigator.onLine })
    this.#host.emit('session', { sessionId: sender })
    void this.#catchUp().finally(() => void this.#flush())
  }

  #reconnect(): void {
    if (this.#lead === null) return
    this.#connection.abort()
    this.#connected?.transport.close()
    this.#connected = null
    void this.#connect()
  }

  #events(signal: AbortSignal): TransportEvents {
    const whileOpen = (work: () => void): void => {
      if (!signal.aborted) work()
    }
    return {
      online: isOnline => {
        whileOpen(() => {
          const wasAway = this.live.isOnline === false
          this.#setLive({ isOnline, ...(isOnline ? {} : { isTyping: false }) })
          if (isOnline && wasAway && this.#connected !== null)
            void this.#catchUp().finally(() => void this.#flush())
        })
      },
      received: message => {
        whileOpen(() => {
          this.#receive(message)
        })
      },
      typing: isTyping => {
        whileOpen(() => {
          this.#setLive({ isTyping })
          if (!isTyping) this.store.update(answered)
        })
      },
      said: messages => {
        whileOpen(() => {
          this.#takeIn(messages)
        })
      },
      refusedToken: () => {
        this.#host.emit('error', { code: 'token' })
      },
    }
  }

  /** Takes in what was said while nobody listened. */
  async #catchUp(): Promise<void> {
    const { token } = this.store.current
    if (token === null || this.#connected?.identity.isTabula !== true) return
    try {
      const past = await fetchHistory(this.#host.options.server, token, lastNumber(this.store.current))
      if (past !== null) this.#takeIn(past)
    } catch (error) {
      // The history can be had later. A token that has ended cannot: the visitor becomes a new one, and keeps what is shown.
      if (error instanceof RefusedError && error.status === 401 && this.#token === '')
        this.store.update(conversation => ({
          ...conversation,
          ...{ sender: null, token: null },
          entries: conversation.entries.map(entry => ({ ...entry, number: null })),
        }))
    }
  }

  #takeIn(past: readonly PastMessage[]): void {
    if (past.length === 0) return
    const before = new Set(this.store.current.entries.map(({ id }) => id))
    this.store.update(conversation => mergeHistory(conversation, past, this.#isSeen()))
    for (const entry of this.store.current.entries)
      if (entry.from !== 'user' && !before.has(entry.id))
        this.#host.emit('received', { from: entry.from, reply: entry.reply })
  }

  #receive(message: unknown): void {
    const reply = readReply(message)
    if (reply.length === 0) return
    const entry: BotEntry = { from: 'bot', id: randomId(), reply, at: Date.now(), number: null }
    this.#setLive({ isTyping: false })
    this.store.update(conversation => addReply(conversation, entry, this.#isSeen()))
    this.#host.emit('received', message)
  }

  /** Answers to that message; some may have been told already: by the history, or before a connection broke. */
  #receiveAnswers(id: string, answers: readonly unknown[]): void {
    const { entries } = this.store.current
    const place = entries.findIndex(entry => entry.id === id)
    const asked = entries[place]?.number ?? null
    const told = entries.flatMap((entry, at) => {
      if (entry.from === 'user') return []
      const isLater =
        entry.number === null || asked === null ? place >= 0 && at > place : entry.number > asked
      return isLater ? [JSON.stringify(entry.reply)] : []
    })
    for (const answer of answers) {
      const same = told.indexOf(JSON.stringify(readReply(answer)))
      if (same < 0) this.#receive(answer)
      else told.splice(same, 1)
    }
  }

  /** Sends what waits, one after the other. */
  async #flush(): Promise<void> {
    if (this.#isFlushing || this.#lead === null) return
    this.#isFlushing = true
    try {
      for (let attempt = 0; this.#connected !== null;) {
        const next = this.store.current.entries.find(
          (entry): entry is UserEntry => entry.from === 'user' && entry.delivery === 'waiting',
        )
        if (next === undefined) return
        this.#change(next.id, { delivery: 'sending' })
        const { transport, identity } = this.#connected
        const sent = await transport.send({ id: next.id, text: next.payload, metadata: next.metadata })
        const pause = this.#settle(next.id, sent, identity.isTabula, attempt)
        attempt = pause === 0 ? 0 : attempt + 1
        if (pause > 0) await delayOrOnline(pause, this.#connection.signal)
      }
    } finally {
      this.#isFlushing = false
    }
  }

  /** Notes what became of a message; gives how long to wait before the next attempt. */
  #settle(id: string, sent: Sent, knowsRepeats: boolean, attempt: number): number {
    this.#setLive({ busyUntil: sent.kind === 'wait' ? Date.now() + sent.milliseconds : 0 })
    switch (sent.kind) {
      case 'accepted':
        if (this.live.isOnline === false) this.#setLive({ isOnline: true })
        this.#change(id, { delivery: 'sent', isAnswered: sent.isOver })
        this.#receiveAnswers(id, sent.answers)
        return 0
      case 'wait':
        this.#change(id, { delivery: 'waiting' })
        return sent.milliseconds
      case 'refused':
        this.#fail(id, sent.problem)
        return 0
      case 'offline':
        this.#change(id, { delivery: 'waiting' })
        return backoff(attempt)
      case 'lost':
        // One lost answer is a hiccup; after the second the visitor is told that nobody can be reached.
        if (knowsRepeats && attempt > 0) this.#setLive({ isOnline: false })
        if (knowsRepeats) this.#change(id, { delivery: 'waiting' })
        else this.#fail(id, 'unsure')
        return knowsRepeats ? backoff(attempt) : 0
    }
  }

  #fail(id: string, problem: Problem): void {
    this.#change(id, { delivery: 'failed', problem })
    this.#host.emit('error', { code: problem })
  }

  #change(id: string, change: Partial<UserEntry>): void {
    this.store.update(conversation => changeMessage(conversation, id, change))
  }

  #isSeen(): boolean {
    return this.#host.isOpen() && document.visibilityState === 'visible'
  }

  #notice(conversation: Conversation, before: Conversation): void {
    if (this.#lead !== null) {
      if (conversation.sender === null && before.sender !== null) this.#reconnect()
      else void this.#flush()
    }
    if (conversation.unread > 0 && this.#isSeen()) this.seen()
    else if (conversation.unread !== before.unread) this.#tellUnread(conversation)
    this.#changed()
  }

  #tellUnread({ unread, entries }: Conversation): void {
    const last = entries.findLast((entry): entry is BotEntry => entry.from !== 'user')
    this.#host.showUnread(unread, last === undefined ? '' : summarize(last.reply))
    this.#host.emit('unread', { count: unread })
  }

  #setLive(change: Partial<Live>): void {
    this.live = { ...this.live, ...change }
    this.#channel?.postMessage(this.live)
    this.#changed()
  }
}
