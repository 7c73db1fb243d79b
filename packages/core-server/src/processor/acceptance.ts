// Messages that are confirmed before their turn: stored first, worked off in the order of acceptance by whoever holds the
// conversation, and found by another process where the one that took them is gone.

import { CodedError } from '@tabula/protocol'
import type { BotMessage, UserMessage } from '@tabula/protocol'
import type { DeliveringChannel, Delivery, OutputChannel, Taken } from '../channels/channel.ts'
import type { Log } from '../telemetry/log.ts'
import type { AcceptedMessage, MessageLedger, MessageRecord } from '../tracker-store/message-ledger.ts'
import { conflict, isConflict } from '../tracker-store/tracker-store.ts'
import { Attempt } from './attempt.ts'
import type { Conversations } from './conversations.ts'
import type { HeldConversation } from './held-conversation.ts'
import { identify } from './message-identity.ts'
import { Outbox } from './outbox.ts'
import { APOLOGY, excuse, MOST_TRIES, nameTry } from './poison.ts'
import type { Processor } from './processor.ts'

/** Milliseconds between two looks for what other processes left, and the seconds after which it counts as left. */
const LOOK = 2_000
const LEFT_AFTER = 3
const AT_ONCE = 100

export interface AcceptanceParts {
  readonly conversations: Conversations
  readonly processor: Processor
  readonly messages: MessageLedger
  readonly log: Log
  readonly waitingPerSender: number
  /** The output of that channel for an answer to that address. */
  readonly reach: (channel: string, address: Delivery['address']) => OutputChannel
  /** Runs a message's turn and watches it. */
  readonly observe: (message: UserMessage, turn: () => Promise<void>) => Promise<void>
}

type Passed = Promise<'over' | 'waits'>

export class Acceptance {
  readonly #parts: AcceptanceParts
  /** Senders whose messages this process works off, with the pass that comes after the present one. */
  readonly #passes = new Map<string, { current: Passed; next: Passed | null }>()
  /** Names of the tries under way, by sender and message. */
  readonly #tries = new Map<string, string>()
  #timer: NodeJS.Timeout | null = null
  #isStopped = false

  constructor(parts: AcceptanceParts) {
    this.#parts = parts
    parts.conversations.onWaiting(held => this.#workOff(held))
  }

  /** Begins to look for what other processes left. */
  start(): void {
    this.#timer = setInterval(() => void this.#recover(), LOOK)
    this.#timer.unref()
  }

  /** Begins no more messages of its own accord: others go on with what is stored. Who waits behind them still works them off. */
  stop(): void {
    this.#isStopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  /** Stores the message; throws CodedError 422, 429 or 503 where it cannot be taken, and then nothing of it is kept. */
  async take(channel: DeliveringChannel, { message, id, address }: Delivery): Promise<Taken> {
    const { conversations, messages, waitingPerSender } = this.#parts
    conversations.admit()
    const identity = identify(channel.name, id, message)
    const accepted: AcceptedMessage = { ...identity, message, channel: channel.name, address }
    const outcome = await messages.accept(message.senderId, accepted, waitingPerSender)
    return { isRepeat: outcome === 'known', done: this.#drain(message.senderId) }
  }

  /** What a message that came under this id before was answered with; nothing while its turn goes on. */
  async repliesTo(
    channel: DeliveringChannel,
    message: UserMessage,
    id: string,
  ): Promise<readonly BotMessage[]> {
    return this.#parts.messages.replies(message.senderId, identify(channel.name, id, message).key)
  }

  /** Resolves after a pass over the sender's messages that began after this call. */
  #drain(sender: string): Passed {
    const running = this.#passes.get(sender)
    if (running !== undefined) return (running.next ??= running.current.then(() => this.#drain(sender)))
    const current = this.#pass(sender).finally(() => this.#passes.delete(sender))
    this.#passes.set(sender, { current, next: null })
    return current
  }

  async #pass(sender: string): Passed {
    const { conversations, log } = this.#parts
    try {
      await conversations.holdAsItIs(sender, async held => {
        const { waiting = 0 } = await held.folded()
        if (waiting > 0) await this.#workOff(held, () => this.#isStopped)
      })
      return this.#isStopped ? 'waits' : 'over'
    } catch (err) {
      log.warn(
        { code: 'message.waits', sender, err },
        'An accepted message could not be handled now; it is tried again.',
      )
      return 'waits'
    }
  }

  async #recover(): Promise<void> {
    const { messages, log } = this.#parts
    try {
      for (const sender of await messages.stranded(LEFT_AFTER, AT_ONCE)) {
        if (!this.#passes.has(sender)) void this.#drain(sender)
      }
    } catch (err) {
      log.debug({ code: 'message.recovery', err }, 'What waits in the store could not be looked for.')
    }
  }

  /** Handles what waits, the oldest first, until all is done or `isEnough`. */
  async #workOff(held: HeldConversation, isEnough: () => boolean = () => false): Promise<void> {
    for (const accepted of await this.#parts.messages.pending(held.sender)) {
      if (isEnough()) return
      await this.#handle(held, accepted)
    }
  }

  async #handle(held: HeldConversation, accepted: AcceptedMessage): Promise<void> {
    const { messages, log } = this.#parts
    const { sender } = held
    const id = `${sender}\n${accepted.key}`
    for (;;) {
      // Work that is begun anew because of others is the same try.
      const name = this.#tries.get(id) ?? nameTry()
      this.#tries.set(id, name)
      const record = await messages.begin(sender, accepted.key, accepted.digest, name)
      if (record.state !== 'open') {
        // By whoever held the conversation, it may be after it was read here.
        await held.catchUp()
        await this.#sendRest(held, accepted, record)
        this.#tries.delete(id)
        return
      }
      if (record.tries > MOST_TRIES) {
        log.error({ code: 'message.dead', sender, tries: MOST_TRIES }, 'A message was given up.')
        await messages.bury(sender, accepted.key, APOLOGY)
        continue
      }
      const outcome = await this.#try(held, accepted, record).catch(async (error: unknown) => {
        await excuse(messages, { sender, key: accepted.key, attempt: name }, error)
        throw error
      })
      if (outcome !== 'moved') this.#tries.delete(id)
      if (outcome === 'done') return
    }
  }

  /** `moved`: others have changed the conversation, and may have handled this very message. */
  async #try(
    held: HeldConversation,
    accepted: AcceptedMessage,
    record: MessageRecord,
  ): Promise<'done' | 'failed' | 'moved'> {
    const { messages, processor, log, reach, observe } = this.#parts
    const { sender } = held
    const { key, message, channel, address } = accepted
    const attempt = Attempt.of(accepted, record, false, { sender, messages, log, isLost: () => held.isLost })
    try {
      const output = reach(channel, address)
      await observe(message, () => processor.runUnder(held, attempt, message, output))
      if (!attempt.outbox.isSent) throw conflict(sender)
      await messages.sent(sender, key, attempt.outbox.messages.length, true)
      return 'done'
    } catch (err) {
      if (isConflict(err) && !held.isLost) return 'moved'
      if (isConflict(err) || (err instanceof CodedError && err.status === 503)) throw err
      log.error({ code: 'channel.turn-failed', channel, sender, err }, 'A message was not handled.')
      return 'failed'
    }
  }

  /** What was answered and is not known to be sent. */
  async #sendRest(held: HeldConversation, accepted: AcceptedMessage, record: MessageRecord): Promise<void> {
    const { messages, log, reach } = this.#parts
    const { sender } = held
    const { key } = accepted
    const note = (sent: number): Promise<void> => messages.sent(sender, key, sent, false)
    const outbox = new Outbox({ sender, log, note, isLost: () => held.isLost }, record.sent)
    const output = reach(accepted.channel, accepted.address)
    for (const reply of record.replies) outbox.say(output, reply)
    await outbox.flush()
    if (!outbox.isSent) throw conflict(sender)
    await messages.sent(sender, key, record.replies.length, true)
  }
}
