// Keeps what waits in this process for sockets to read it within bounds. Who reads is waited for, however much there is to
// tell; who reads nothing while much waits is let go: what it misses it gets with the repeat of its message.

import type { Socket } from 'socket.io'
import { LIMITS } from '../config/limits.ts'
import { isOpen, unreadOf, unwrittenOf } from './socket-guard.ts'

/** Less than this is not counted. */
const SMALL = 16_384
/** Milliseconds between two looks at those who are behind. */
const LOOK = 50
/** What one may leave unread is that part of it while too much waits for all together. */
const SQUEEZE = 16
/** Other processes do not wait for a socket of this one: so many times the bound is the end. */
const MOST = 16

/** What waits for a socket, and for how many milliseconds it has read nothing of it. */
interface Backlog {
  unread: number
  unwritten: number
  still: number
}

export class SocketReaders {
  readonly #letGo: (socket: Socket) => void
  readonly #behind = new Map<Socket, Backlog>()
  /** Per socket the end of what it is told one after the other. */
  readonly #tellings = new WeakMap<Socket, Promise<void>>()
  #all = 0
  /** Resolves at the next look; null while nobody is behind. */
  #look: Promise<void> | null = null

  constructor(letGo: (socket: Socket) => void) {
    this.#letGo = letGo
  }

  /** Notes that something was emitted to these sockets. */
  told(sockets: Iterable<Socket>): void {
    for (const socket of sockets) {
      const unread = unreadOf(socket)
      const known = this.#behind.get(socket)
      if (known === undefined && unread <= SMALL) continue
      this.#all += unread - (known?.unread ?? 0)
      if (known !== undefined) known.unread = unread
      else this.#behind.set(socket, { unread, unwritten: unwrittenOf(socket), still: 0 })
      if (unread > LIMITS.socketUnreadBytes * MOST) this.#drop(socket)
      else this.#look ??= this.#lookAgain()
    }
  }

  /** Resolves when these sockets may be told more: each has read enough, or is gone. */
  async ready(sockets: readonly Socket[]): Promise<void> {
    while (sockets.some(socket => this.#isOver(socket))) await this.#look
  }

  /** Does the work, which tells the socket something, when it may be told more and the works before are done. */
  async tell(socket: Socket, work: () => Promise<void>): Promise<void> {
    const before = this.#tellings.get(socket)
    const telling = (async () => {
      await before
      await this.ready([socket])
      await work()
      this.told([socket])
    })()
    this.#tellings.set(
      socket,
      telling.catch(() => undefined),
    )
    await telling
  }

  #isOver(socket: Socket): boolean {
    const backlog = this.#behind.get(socket)
    return backlog !== undefined && backlog.unread > this.#bound()
  }

  #bound(): number {
    const { socketUnreadBytes, socketsUnreadBytes } = LIMITS
    return this.#all > socketsUnreadBytes ? socketUnreadBytes / SQUEEZE : socketUnreadBytes
  }

  async #lookAgain(): Promise<void> {
    const before = performance.now()
    await new Promise(resolve => setTimeout(resolve, LOOK))
    // Of a time in which this process stood still itself nobody is to blame for not reading.
    const passed = Math.min(performance.now() - before, 2 * LOOK)
    const bound = this.#bound()
    for (const [socket, backlog] of this.#behind) {
      const unread = unreadOf(socket)
      const unwritten = unwrittenOf(socket)
      this.#all += unread - backlog.unread
      const hasRead = unread < backlog.unread || unwritten !== backlog.unwritten
      Object.assign(backlog, { unread, unwritten, still: hasRead ? 0 : backlog.still + passed })
      if (!isOpen(socket) || unread <= SMALL) this.#forget(socket)
      else if (unread > bound && backlog.still > LIMITS.socketUnreadPatience) this.#drop(socket)
    }
    this.#look = this.#behind.size === 0 ? null : this.#lookAgain()
  }

  #drop(socket: Socket): void {
    this.#forget(socket)
    this.#letGo(socket)
  }

  #forget(socket: Socket): void {
    this.#all -= this.#behind.get(socket)?.unread ?? 0
    this.#behind.delete(socket)
  }
}
