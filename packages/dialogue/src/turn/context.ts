// What a turn is given besides the tracker: the bot, and the clock and chance that a pure engine may not have itself.

import type { Domain } from '../domain/domain.ts'
import type { PolicyEnsemble, PolicyReason } from '../policies/policy.ts'
import type { LoggedEvent } from '@tabula/protocol'

export interface TurnContext {
  readonly domain: Domain
  /** null for a model without dialogue (NLU only). */
  readonly policies: PolicyEnsemble | null
  /** Seconds since 1970. */
  readonly now: () => number
  /** A number from 0 up to 1, for drawing a variation of a response. */
  readonly random: () => number
  /** A new id of 32 hexadecimal digits. */
  readonly newId: () => string
  readonly modelId: string
  readonly assistantId: string
  /** Actions in a turn before it is ended: Rasa's MAX_NUMBER_OF_PREDICTIONS. */
  readonly maxActions: number
  /** Whether responses come from an NLG server. */
  readonly remoteNlg: boolean
  /** The output channel's name for channel-specific responses: `collector` for REST. */
  readonly outputChannel: string
}

/** The reason for one action of a turn, kept beside its events. */
export interface ActionReason {
  readonly chosen: PolicyReason
  readonly runnerUp: PolicyReason | null
  /** The message that was decided on, where the bot had just listened: `intent greet`, or `the words "..."`. */
  readonly heard?: string
}

export interface TurnResult {
  /** New events in the order they were applied to the tracker. */
  readonly events: readonly LoggedEvent[]
  readonly why: readonly ActionReason[]
}
