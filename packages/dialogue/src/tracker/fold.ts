// What a conversation's events add up to, as a value: one event in, the next value out. Nothing of a fold is ever changed.

import type { ActiveLoopState, Entity, JsonValue, LoggedEvent, UserUttered } from '@tabula/protocol'
import { ACTION_LISTEN, ACTION_SESSION_START } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import { SHOULD_NOT_BE_SET } from './state.ts'

/** The latest message with what later events said about it. */
export interface FoldedMessage {
  readonly event: UserUttered
  /** The message's entities, and those that a policy added. */
  readonly entities: readonly Entity[]
  /** null until an action was predicted from the message. */
  readonly useText: boolean | null
}

export interface Fold {
  readonly slots: ReadonlyMap<string, JsonValue>
  /** Names of slots that an event has set since the last reset. */
  readonly slotsSet: ReadonlySet<string>
  readonly latestMessage: FoldedMessage | null
  readonly latestAction: { readonly action_name?: string; readonly action_text?: string }
  readonly followupAction: string | null
  readonly paused: boolean
  readonly activeLoop: ActiveLoopState | null
}

const initialFolds = new WeakMap<Domain, Fold>()

/** A conversation in which nothing has happened. */
export function initialFold(domain: Domain): Fold {
  const known = initialFolds.get(domain)
  if (known !== undefined) return known
  const fold: Fold = {
    slots: new Map([...domain.slots.values()].map(slot => [slot.name, slot.initialValue])),
    slotsSet: new Set(),
    latestMessage: null,
    latestAction: {},
    followupAction: ACTION_LISTEN,
    paused: false,
    activeLoop: null,
  }
  initialFolds.set(domain, fold)
  return fold
}

/** The fold after the event. rewind and undo depend on what was applied before and are the tracker's matter: here they change nothing. */
export function foldEvent(fold: Fold, event: LoggedEvent, domain: Domain): Fold {
  switch (event.event) {
    case 'user':
      return {
        ...fold,
        latestMessage: { event, entities: event.parse_data.entities, useText: null },
        followupAction: null,
      }
    case 'action': {
      const name = event.name ?? event.action_text
      const loop = fold.activeLoop
      return {
        ...fold,
        latestAction:
          event.name !== null ? { action_name: event.name } : { action_text: event.action_text ?? '' },
        followupAction: null,
        activeLoop:
          loop === null
            ? null
            : { ...loop, is_interrupted: false, rejected: loop.name === name ? false : loop.rejected },
      }
    }
    case 'slot':
      return setSlot(fold, event.name, event.value, domain)
    case 'user_featurization':
      return aboutLatestMessage(fold, message => ({ ...message, useText: event.use_text_for_featurization }))
    case 'entities':
      return aboutLatestMessage(fold, message => ({
        ...message,
        entities: added(message.entities, event.entities),
      }))
    case 'active_loop':
      return { ...fold, activeLoop: event.name === null ? null : startLoop(event.name, fold) }
    case 'loop_interrupted':
      return fold.activeLoop === null
        ? fold
        : { ...fold, activeLoop: { ...fold.activeLoop, is_interrupted: event.is_interrupted } }
    case 'action_execution_rejected':
      return fold.activeLoop?.name === event.name && event.name !== SHOULD_NOT_BE_SET
        ? { ...fold, activeLoop: { ...fold.activeLoop, rejected: true } }
        : fold
    case 'followup':
      return { ...fold, followupAction: event.name }
    case 'restart':
      return { ...initialFold(domain), followupAction: ACTION_SESSION_START }
    case 'session_started':
      return initialFold(domain)
    case 'reset_slots':
      return { ...fold, slots: initialFold(domain).slots, slotsSet: new Set() }
    case 'pause':
      return { ...fold, paused: true }
    case 'resume':
      return { ...fold, paused: false }
    case 'bot':
    case 'agent':
    case 'reminder':
    case 'cancel_reminder':
    case 'export':
    case 'rewind':
    case 'undo':
      return fold
  }
}

function startLoop(name: string, fold: Fold): ActiveLoopState {
  return {
    name,
    is_interrupted: false,
    rejected: false,
    trigger_message: fold.latestMessage?.event.parse_data ?? EMPTY_PARSE_DATA,
  }
}

/** The parse data of a conversation without a message, as Rasa shows it. */
export const EMPTY_PARSE_DATA = {
  intent: {},
  entities: [],
  text: null,
  message_id: null,
  metadata: {},
} as const

/** A slot that the domain does not have is logged without effect. */
function setSlot(fold: Fold, name: string, value: JsonValue, domain: Domain): Fold {
  const slot = domain.slots.get(name)
  if (slot === undefined) return fold
  const stored = slot.stored(value)
  if (fold.slots.get(name) === stored && fold.slotsSet.has(name)) return fold
  const slots = new Map(fold.slots)
  slots.set(name, stored)
  return {
    ...fold,
    slots,
    slotsSet: fold.slotsSet.has(name) ? fold.slotsSet : new Set([...fold.slotsSet, name]),
  }
}

/** These events belong to the message before them, which always follows a listen. */
function aboutLatestMessage(fold: Fold, change: (message: FoldedMessage) => FoldedMessage): Fold {
  if (fold.latestAction.action_name !== ACTION_LISTEN || fold.latestMessage === null) return fold
  return { ...fold, latestMessage: change(fold.latestMessage) }
}

function added(known: readonly Entity[], more: readonly Entity[]): Entity[] {
  const keys = new Set(known.map(entity => JSON.stringify(entity)))
  return [...known, ...more.filter(entity => !keys.has(JSON.stringify(entity)))]
}
