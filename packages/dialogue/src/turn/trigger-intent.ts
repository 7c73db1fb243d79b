// A turn that no user has said: an intent that comes from outside, or from a reminder that is due.

import type { Entity, JsonObject, JsonValue, ReminderScheduled, UserUttered } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext, TurnResult } from './context.ts'
import type { Effectful } from './effects.ts'
import { runPredictionLoop } from './prediction-loop.ts'
import { extractSlots } from './run-action.ts'
import { beginSessionIfDue } from './session.ts'
import { TurnLog } from './turn-log.ts'

/** An intent with its entities, as a list or as `{entity: value}`. */
export interface ExternalIntent {
  readonly name: string
  readonly entities: JsonValue
}

/** The turn as if the user had meant this intent. */
export function* triggerIntent(
  context: TurnContext,
  tracker: Tracker,
  intent: ExternalIntent,
): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  yield* beginSessionIfDue(turn)
  yield* hearExternal(turn, intent)
  return turn.result()
}

/**
 * The turn of a reminder that is due; no events where it is outdated: the user has spoken since and it was to be dropped
 * then, the conversation was restarted, or it has come already. `key` names this waking: it becomes the message's id (Rasa
 * gives it none), so that one that is fired again after a crash takes effect once. An expired session does not outdate
 * it, as it does in Rasa: a new one begins.
 */
export function* fireReminder(
  context: TurnContext,
  tracker: Tracker,
  reminder: ReminderScheduled,
  key: string,
): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  if (isOutdated(reminder, tracker) || hasCome(key, tracker)) return turn.result()
  yield* beginSessionIfDue(turn)
  yield* hearExternal(turn, { name: reminder.intent, entities: reminder.entities }, key)
  return turn.result()
}

function hasCome(key: string, tracker: Tracker): boolean {
  return tracker.events.some(event => event.event === 'user' && event.message_id === key)
}

function* hearExternal(
  turn: TurnLog,
  { name, entities }: ExternalIntent,
  messageId: string | null = null,
): Effectful<void> {
  const { latestInputChannel } = turn.tracker
  turn.add(externalMessage(name, entityList(entities), latestInputChannel, messageId))
  if (turn.context.policies === null) return
  yield* extractSlots(turn)
  yield* runPredictionLoop(turn)
}

function externalMessage(
  intent: string,
  entities: readonly Entity[],
  channel: string | null,
  messageId: string | null,
): UserUttered {
  const text = `EXTERNAL: ${intent}`
  const metadata = { is_external: true }
  return {
    event: 'user',
    metadata,
    text,
    parse_data: { intent: { name: intent }, entities, text, message_id: messageId, metadata },
    input_channel: channel,
    message_id: messageId,
  }
}

/** Anything else than a list or an object has no entities. */
function entityList(entities: JsonValue): readonly Entity[] {
  if (Array.isArray(entities)) return entities.filter(isEntity)
  if (!isObject(entities)) return []
  return Object.entries(entities).map(([entity, value]) => ({ entity, value: value ?? null }))
}

function isEntity(value: JsonValue): value is Entity {
  return isObject(value) && typeof value['entity'] === 'string' && value['value'] !== undefined
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOutdated(reminder: ReminderScheduled, tracker: Tracker): boolean {
  const isThis = (event: { readonly event: string; readonly name?: unknown }): boolean =>
    event.event === 'reminder' && event.name === reminder.name
  if (!tracker.appliedEvents().some(isThis)) return true
  if (!reminder.kill_on_user_msg) return false
  const latest = tracker.events.findLast(
    event => isThis(event) || (event.event === 'user' && event.text !== null && event.text !== ''),
  )
  return latest?.event !== 'reminder'
}
