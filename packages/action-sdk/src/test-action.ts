// Runs an action for a test of it: no server, no HTTP, and only what the test cares about given.

import { parseEvents } from '@tabula/protocol'
import type {
  ActionResponse,
  DomainJson,
  Entity,
  JsonObject,
  JsonValue,
  TrackerState,
} from '@tabula/protocol'
import type { Action } from './action.ts'
import type { AnyBot, BotTypes, SomeSlots } from './bot-types.ts'
import { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { ActionEvent } from './events.ts'
import { Tracker } from './tracker.ts'

/** The conversation that the action meets; what is left out is as in a new one. */
export interface TestScene<B extends BotTypes = AnyBot> {
  readonly slots?: SomeSlots<B>
  /** The user's latest message. */
  readonly text?: string
  readonly intent?: B['intents']
  readonly entities?: readonly Entity[]
  readonly metadata?: JsonObject
  /** What has happened, oldest first; slot events at the end are candidates that a validation checks. */
  readonly events?: readonly JsonObject[]
  readonly activeLoop?: string
  readonly senderId?: string
  /** For actions that look at the domain, as validations of forms do. */
  readonly domain?: DomainJson
  readonly signal?: AbortSignal
}

export interface TestResult {
  readonly events: readonly ActionEvent[]
  readonly messages: readonly ActionResponse[]
  /** The texts of the messages; a response of the domain stands as its name. */
  readonly texts: readonly string[]
  /** The slots that the events set, with their last values. */
  readonly slots: Readonly<Record<string, JsonValue>>
}

/** What the action says and returns; rejects with what it throws. */
export async function testAction<B extends BotTypes = AnyBot>(
  action: Action<B>,
  scene: TestScene<B> = {},
): Promise<TestResult> {
  const dispatcher = new CollectingDispatcher<B>()
  const tracker = new Tracker<B>(stateOf(scene))
  const signal = scene.signal ?? new AbortController().signal
  const events = (await action.run(dispatcher, tracker, scene.domain ?? {}, { signal })) ?? []
  return {
    events,
    messages: dispatcher.messages,
    texts: dispatcher.messages.map(({ text, response }) => text ?? response ?? ''),
    slots: Object.fromEntries(
      events.flatMap(event => (event.event === 'slot' ? [[event.name, event.value] as const] : [])),
    ),
  }
}

function stateOf(scene: TestScene): TrackerState {
  const { slots = {}, text = null, intent, entities = [], metadata = {}, activeLoop } = scene
  const understood = intent === undefined ? [] : [{ name: intent, confidence: 1 }]
  return {
    sender_id: scene.senderId ?? 'test',
    slots: Object.fromEntries(Object.entries(slots).map(([name, value]) => [name, value ?? null])),
    latest_message: {
      text,
      intent: understood[0] ?? {},
      entities,
      intent_ranking: understood,
      message_id: null,
      metadata,
    },
    latest_event_time: null,
    followup_action: null,
    paused: false,
    events: parseEvents(scene.events ?? []),
    latest_input_channel: null,
    active_loop:
      activeLoop === undefined
        ? {}
        : { name: activeLoop, is_interrupted: false, rejected: false, trigger_message: null },
    latest_action: {},
    latest_action_name: null,
  }
}
