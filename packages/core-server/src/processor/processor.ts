// A whole turn in a few lines: parse with the ticket in hand, run the dialogue, and let `Conversations` store it.

import { CodedError } from '@tabula/protocol'
import type { ParseData, UserMessage } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import type { DueReminder } from '../reminders/reminder-scheduler.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { Conversations } from './conversations.ts'
import type { DialogueEngine } from './dialogue-engine.ts'
import { parseMessage } from './parse-message.ts'

export class Processor {
  readonly #conversations: Conversations
  readonly #engine: DialogueEngine

  constructor(conversations: Conversations, engine: DialogueEngine) {
    this.#engine = engine
    this.#conversations = conversations
  }

  /** Resolves when the turn's answers are sent and its events are stored; where understanding fails nothing is. */
  async handle(message: UserMessage, output: OutputChannel): Promise<void> {
    await this.#conversations.changeAfter(
      message.senderId,
      model => understand(model, message),
      (turn, parsed) =>
        turn.run(context => this.#engine.handleMessage(context, turn.tracker, message, parsed), output),
    )
  }

  /** Runs the turn of a due reminder over the channel that the conversation was last held on. */
  async remind(
    { sender, reminder, key }: DueReminder,
    findOutput: (channel: string | null) => OutputChannel,
  ): Promise<void> {
    await this.#conversations.change(sender, turn =>
      turn.run(
        context => this.#engine.fireReminder(context, turn.tracker, reminder, key),
        findOutput(turn.tracker.latestInputChannel),
      ),
    )
  }
}

function understand(model: ServedModel, { text, parseData }: UserMessage): ParseData | Promise<ParseData> {
  if (parseData !== undefined) return parseData as unknown as ParseData
  if (text === null) throw new CodedError('message.no-text', 'A message without a text.', { status: 400 })
  return parseMessage(model, text)
}
