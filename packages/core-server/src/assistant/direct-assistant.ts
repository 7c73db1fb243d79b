// The bot of this process.

import type { TrackerEvent } from '@tabula/protocol'
import { parseUserMessageBody } from '@tabula/protocol'
import type { ChannelHost, OutputChannel } from '../channels/channel.ts'
import { collectAnswers } from '../channels/rest.ts'
import { toUserMessage } from '../channels/user-message.ts'
import { overviewOf } from '../http/canary-routes.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { Conversations } from '../processor/conversations.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'
import type { TrackerCache } from '../tracker-store/tracker-cache.ts'
import type { Assistant, ModelChange, ModelsOverview, VisitorMessage } from './assistant.ts'

export interface DirectAssistantParts {
  readonly host: ChannelHost
  readonly conversations: Conversations
  readonly engine: DialogueEngine
  readonly models: ModelHost
  readonly cache: TrackerCache
  /** The channel of that name, or one that collects. */
  readonly findOutput: (channel: string | null) => OutputChannel
}

export class DirectAssistant implements Assistant {
  readonly #parts: DirectAssistantParts

  constructor(parts: DirectAssistantParts) {
    this.#parts = parts
  }

  async say({ body, messageId }: VisitorMessage): Promise<string> {
    const { text, sender, metadata, inputChannel: channel = 'rest' } = parseUserMessageBody(body)
    const message = toUserMessage({ text, sender, metadata, channel })
    const answers = await collectAnswers(this.#parts.host, message, { id: messageId, request: messageId })
    return JSON.stringify(answers)
  }

  async append(
    sender: string,
    events: readonly TrackerEvent[],
    { send }: { readonly send: boolean },
  ): Promise<void> {
    const { conversations, engine, findOutput } = this.#parts
    await conversations.change(sender, turn =>
      turn.run(
        context => engine.appendEvents(context, turn.tracker, events, { executeSideEffects: send }),
        findOutput(turn.tracker.latestInputChannel),
      ),
    )
  }

  async forget(sender: string): Promise<void> {
    this.#parts.cache.forget(sender)
  }

  async models(): Promise<ModelsOverview> {
    const { models } = this.#parts
    const domain = models.current?.domain
    return {
      ...overviewOf(models),
      intents: [...(domain?.intents.keys() ?? [])],
      entities: [...(domain?.entities.keys() ?? [])],
      actions: [...(domain?.actions ?? [])],
    }
  }

  async changeModels(change: ModelChange): Promise<void> {
    const { models } = this.#parts
    if (change.kind === 'canary') await models.startCanary(change.model_file, change.share)
    else if (change.kind === 'drop') models.dropCanary()
    else if (change.kind === 'promote') models.promoteCanary()
    else models.rollBack()
  }

  async isReady(): Promise<boolean> {
    return this.#parts.models.current !== null
  }

  async close(): Promise<void> {
    // Everything here belongs to the server.
  }
}
