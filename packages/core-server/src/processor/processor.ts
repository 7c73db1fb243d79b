// A whole turn in a few lines: parse with the ticket in hand, run the dialogue, and let `Conversations` store it.

import { CodedError } from '@tabula/protocol'
import type { ParseData, UserMessage } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import type { DueReminder } from '../reminders/reminder-scheduler.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { Log } from '../telemetry/log.ts'
import type { MessageLedger } from '../tracker-store/message-ledger.ts'
import { Attempt } from './attempt.ts'
import type { Conversations } from './conversations.ts'
import type { DialogueEngine } from './dialogue-engine.ts'
import type { HeldConversation } from './held-conversation.ts'
import { identify } from './message-identity.ts'
import type { MessageIdentity } from './message-identity.ts'
import { parseMessage, parsePlainText } from './parse-message.ts'
import { APOLOGY, excuse, MOST_TRIES, nameTry } from './poison.ts'

export interface ProcessorParts {
  readonly conversations: Conversations
  readonly engine: DialogueEngine
  readonly messages: MessageLedger
  readonly log: Log
}

export class Processor {
  readonly #parts: ProcessorParts

  constructor(parts: ProcessorParts) {
    this.#parts = parts
  }

  /**
   * Resolves when the turn's events are stored and its answers are sent; where understanding fails nothing is. A message
   * that came before under this id is answered with the same again.
   */
  async handle(message: UserMessage, output: OutputChannel, id: string | null = null): Promise<void> {
    const { conversations } = this.#parts
    const { senderId: sender } = message
    if (id === null) {
      const attempt = conversations.attempt(sender)
      await conversations.hold(sender, held => this.runUnder(held, attempt, message, output, true))
      return
    }
    const identity = identify(message.inputChannel ?? '', id, message)
    const name = nameTry()
    try {
      await conversations.hold(sender, held => this.#answer(held, { message, output, identity, name }))
    } catch (error) {
      await excuse(this.#parts.messages, { sender, key: identity.key, attempt: name }, error)
      throw error
    }
  }

  /** Runs the message's turn on a conversation in hand. */
  async runUnder(
    held: HeldConversation,
    attempt: Attempt,
    message: UserMessage,
    output: OutputChannel,
    isLast = false,
  ): Promise<void> {
    const parsed = await understand(held.model, message)
    const { engine } = this.#parts
    await held.turn(
      attempt,
      turn => turn.run(context => engine.handleMessage(context, turn.tracker, message, parsed), output),
      isLast,
    )
  }

  /** Runs the turn of a due reminder over the channel that the conversation was last held on. */
  async remind(
    { sender, reminder, key }: DueReminder,
    findOutput: (channel: string | null) => OutputChannel,
  ): Promise<void> {
    const { conversations, engine } = this.#parts
    await conversations.change(sender, turn =>
      turn.run(
        context => engine.fireReminder(context, turn.tracker, reminder, key),
        findOutput(turn.tracker.latestInputChannel),
      ),
    )
  }

  /** `name` tells the try: one that is begun anew because of others counts once. */
  async #answer(
    held: HeldConversation,
    {
      message,
      output,
      identity,
      name,
    }: {
      readonly message: UserMessage
      readonly output: OutputChannel
      readonly identity: MessageIdentity
      readonly name: string
    },
  ): Promise<void> {
    const { messages, log } = this.#parts
    const { sender } = held
    const { key, digest } = identity
    let record = await messages.begin(sender, key, digest, name)
    if (record.state === 'open' && record.tries > MOST_TRIES) {
      log.error({ code: 'message.dead', sender, tries: MOST_TRIES }, 'A message was given up.')
      await messages.bury(sender, key, APOLOGY)
      record = await messages.begin(sender, key, digest, name)
    }
    if (record.state === 'open') {
      const attempt = Attempt.of(identity, record, true, { sender, messages, log })
      await this.runUnder(held, attempt, message, output, true)
      return
    }
    for (const reply of record.replies) await output.send(sender, reply)
  }
}

function understand(
  model: ServedModel,
  { text, parseData, isPlainText = false }: UserMessage,
): ParseData | Promise<ParseData> {
  if (parseData !== undefined) return parseData as unknown as ParseData
  if (text === null) throw new CodedError('message.no-text', 'A message without a text.', { status: 400 })
  return isPlainText ? parsePlainText(model, text) : parseMessage(model, text)
}
