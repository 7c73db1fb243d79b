// What a turn says, held back until the turn is saved: nobody reads an answer that a takeover would contradict. Only where
// an action takes long is what was said before it sent ahead.

import type { BotMessage } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import type { Log } from '../telemetry/log.ts'

/** Milliseconds before a part that could not be sent is tried again. */
const RETRIES = [250, 1_000]

export interface OutboxParts {
  readonly sender: string
  readonly log: Log
  /** Notes in the store that so many parts are sent; null where that need not outlive the process. */
  readonly note: ((sent: number) => Promise<void>) | null
  /** Whether others may speak in the conversation by now: then nothing more is said here. */
  readonly isLost: () => boolean
}

export class Outbox {
  readonly #parts: OutboxParts
  #said: { readonly output: OutputChannel; readonly message: BotMessage }[] = []
  /** Also once a place could not be noted: what comes after fails as it did. */
  #isSending = false
  /** How many of them were sent, in an earlier try too: what is said again is the same. */
  #sent: number
  #sending: Promise<void> = Promise.resolve()

  constructor(parts: OutboxParts, sent = 0) {
    this.#parts = parts
    this.#sent = sent
  }

  get messages(): readonly BotMessage[] {
    return this.#said.map(({ message }) => message)
  }

  /** Whether all of it goes back with the request that asked: then no other answer can overtake it. */
  get isReply(): boolean {
    return this.#said.every(({ output }) => output.isReply === true)
  }

  /** Whether all of it is sent, or given up. */
  get isSent(): boolean {
    return this.#sent >= this.#said.length
  }

  say(output: OutputChannel, message: BotMessage): void {
    this.#said.push({ output, message })
  }

  /** The turn is begun from its start; what was sent stays sent. */
  rewind(): void {
    this.#said = []
  }

  /** Sends what was said and not sent, in order; resolves when it is. A part that cannot be sent is logged and passed over. */
  flush(): Promise<void> {
    this.#sending = this.#isSending ? this.#sending.then(() => this.#flush()) : this.#flush()
    return this.#sending
  }

  async #flush(): Promise<void> {
    this.#isSending = true
    for (;;) {
      const next = this.#said[this.#sent]
      if (next === undefined || this.#parts.isLost()) break
      await this.#send(next.output, next.message)
      this.#sent += 1
      // The last one is noted together with the end of the turn.
      if (this.#sent < this.#said.length) await this.#parts.note?.(this.#sent)
    }
    this.#isSending = false
  }

  async #send(output: OutputChannel, message: BotMessage): Promise<void> {
    const { sender, log } = this.#parts
    for (const pause of [...RETRIES, null]) {
      try {
        await output.send(sender, message)
        return
      } catch (err) {
        if (pause === null) {
          log.error(
            { code: 'outbox.undelivered', sender, channel: output.name, err },
            'An answer was not delivered.',
          )
          return
        }
        await new Promise(resolve => setTimeout(resolve, pause))
      }
    }
  }
}
