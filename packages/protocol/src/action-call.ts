// The action server's protocol (rasa-sdk 3.6): the call, its reply, and the contract that runs either over HTTP or in process.

import type { BotMessage } from './bot-message.ts'
import type { DomainJson } from './domain-json.ts'
import type { TrackerEvent } from './events.ts'
import type { TrackerState } from './tracker-state.ts'

export interface ActionCall {
  readonly next_action: string
  readonly sender_id: string
  readonly tracker: TrackerState
  readonly domain?: DomainJson
  readonly version: string
}

/** One of an action's messages: `response` (or the older `template`) names a response; other keys are its variables. */
export type ActionResponse = BotMessage & {
  readonly response?: string | null
  readonly template?: string | null
}

export interface ActionReply {
  readonly events: readonly TrackerEvent[]
  readonly responses: readonly ActionResponse[]
}

/** What a call to an action ends in. */
export type ActionOutcome =
  | { readonly kind: 'done'; readonly reply: ActionReply }
  | { readonly kind: 'rejected'; readonly action: string; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }

/** Runs actions: over HTTP (core-server's action-client) or in one process (an action-sdk executor). */
export interface ActionRunner {
  run(
    call: ActionCall,
    options?: { readonly signal?: AbortSignal; readonly key?: string },
  ): Promise<ActionOutcome>
}
