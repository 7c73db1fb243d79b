// The events that the lines of stories and rules stand for.

import type { Entity, JsonValue, LoggedEvent, Problem } from '@tabula/protocol'
import { closestName } from '@tabula/protocol'
import { ACTION_LISTEN, RULE_SNIPPET_ACTION } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import type { Slot } from '../domain/slots/slot.ts'
import { SHOULD_NOT_BE_SET } from '../tracker/state.ts'
import type { PlacedEvent } from './story-part.ts'
import type { ActionStep, ActiveLoopStep, BotStep, SlotStep, StoryEntity, UserStep } from './story-data.ts'

/** A line that stands for one event. */
export type EventStep = UserStep | ActionStep | BotStep | SlotStep | ActiveLoopStep

/** What slot_was_set means where it names a slot and no value. */
const FILLED = 'filled'

/** The line's event. In rules null is not "unset" but "must not be set". Complaints go to `problems`. */
export function eventOf(
  step: EventStep,
  kind: 'story' | 'rule',
  domain: Domain,
  problems: Problem[],
): PlacedEvent {
  const { position } = step
  switch (step.kind) {
    case 'user':
      return { event: userUttered(step), position }
    case 'action':
      if (isPlainEvent(step.name)) return { event: { event: step.name, timestamp: 0 }, position }
      if (domain.actionIndex(step.name) === undefined) problems.push(unknownAction(step, domain))
      return { event: actionExecuted(step.name), position }
    case 'bot':
      if (domain.actionIndex(step.text) === undefined) problems.push(unknownAnswer(step))
      return { event: { ...actionExecuted(null), action_text: step.text }, position }
    case 'slot': {
      const value = step.value === undefined ? defaultValue(step, domain, problems) : step.value
      if (step.value !== undefined && !domain.slots.has(step.name))
        problems.push(unknownSlot(step, domain, 'warning'))
      return {
        event: slotSet(step.name, kind === 'rule' && value === null ? SHOULD_NOT_BE_SET : value),
        position,
      }
    }
    case 'active_loop':
      return {
        event: {
          event: 'active_loop',
          name: step.name ?? (kind === 'rule' ? SHOULD_NOT_BE_SET : null),
          timestamp: 0,
        },
        position,
      }
  }
}

export function listenEvent(): LoggedEvent {
  return actionExecuted(ACTION_LISTEN)
}

/** Stands in rules for whatever else happens in a conversation. */
export function snippetEvent(): LoggedEvent {
  return actionExecuted(RULE_SNIPPET_ACTION)
}

/** Slots that a message's entities set in a story, in the domain's order: every from_entity mapping that is not a loop's. */
export function slotsForEntities(domain: Domain, entities: readonly Entity[]): LoggedEvent[] {
  if (!domain.storesEntitiesAsSlots || entities.length === 0) return []
  const events: LoggedEvent[] = []
  for (const slot of domain.slots.values()) {
    const values = valuesFor(slot, entities)
    const last = values.at(-1)
    if (last !== undefined) events.push(slotSet(slot.name, slot.type === 'list' ? values : last))
  }
  return events
}

function valuesFor(slot: Slot, entities: readonly Entity[]): JsonValue[] {
  return slot.mappings.flatMap(mapping => {
    if (mapping.type !== 'from_entity' || (mapping.conditions?.[0]?.active_loop ?? null) !== null) return []
    return entities
      .filter(
        entity =>
          entity.entity === mapping.entity &&
          (entity.role ?? null) === (mapping.role ?? null) &&
          (entity.group ?? null) === (mapping.group ?? null),
      )
      .map(entity => entity.value)
  })
}

/** As in Rasa, `action: restart` is the event and not an action. */
function isPlainEvent(name: string): name is (typeof PLAIN_STEPS)[number] {
  return PLAIN_STEPS.some(known => known === name)
}

const PLAIN_STEPS = ['restart', 'reset_slots', 'pause', 'resume', 'export'] as const

function userUttered(step: UserStep): LoggedEvent {
  const text = step.text ?? null
  return {
    event: 'user',
    text,
    parse_data: {
      text,
      intent: { name: baseIntent(step.intent), confidence: 1 },
      entities: step.entities.map(entityOf),
    },
    input_channel: null,
    message_id: null,
    timestamp: 0,
  }
}

/** Policies know a retrieval intent by its first half alone. */
function baseIntent(intent: string | undefined): string | null {
  return intent?.split('/', 1)[0] ?? null
}

function entityOf({ entity, value, role, group, start, end }: StoryEntity): Entity {
  return {
    entity,
    ...(start === undefined || end === undefined ? {} : { start, end }),
    value: value ?? null,
    ...(role === undefined ? {} : { role }),
    ...(group === undefined ? {} : { group }),
  }
}

function actionExecuted(name: string | null): Extract<LoggedEvent, { event: 'action' }> {
  return {
    event: 'action',
    name,
    policy: null,
    confidence: null,
    action_text: null,
    hide_rule_turn: false,
    timestamp: 0,
  }
}

function slotSet(name: string, value: JsonValue): LoggedEvent {
  return { event: 'slot', name, value, timestamp: 0 }
}

function defaultValue(step: SlotStep, domain: Domain, problems: Problem[]): JsonValue {
  const slot = domain.slots.get(step.name)
  if (slot === undefined) problems.push(unknownSlot(step, domain, 'error'))
  else if (slot.type === 'text') return FILLED
  else if (slot.type === 'list') return [FILLED]
  else if (slot.featureCount > 0) problems.push(missingValue(step, slot))
  return null
}

/** A response that is missing is no reason not to train: the bot says nothing there. Rasa does not train with it in a rule. */
function unknownAction(step: ActionStep, domain: Domain): Problem {
  const near = closestName(step.name, domain.actions)
  return {
    severity: step.name.startsWith('utter_') ? 'warning' : 'error',
    code: 'story.unknown-action',
    message: `The action '${step.name}' is not in the domain.`,
    position: step.position,
    hint:
      near === null ? 'List it under actions, responses or forms of the domain.' : `Did you mean '${near}'?`,
  }
}

function unknownAnswer(step: BotStep): Problem {
  return {
    severity: 'error',
    code: 'story.unknown-answer',
    message: `The answer '${step.text}' is not in the domain.`,
    position: step.position,
    hint: 'List it under e2e_actions of the domain.',
  }
}

/** By name alone there is no value to guess from; with a value the line has no effect. */
function unknownSlot(step: SlotStep, domain: Domain, severity: Problem['severity']): Problem {
  const near = closestName(step.name, domain.slots.keys())
  return {
    severity,
    code: 'story.unknown-slot',
    message: `The slot '${step.name}' is not in the domain.`,
    position: step.position,
    hint: near === null ? 'List it under slots of the domain.' : `Did you mean '${near}'?`,
  }
}

function missingValue(step: SlotStep, slot: Slot): Problem {
  return {
    severity: 'warning',
    code: 'story.slot-without-value',
    message: `The slot '${step.name}' of type ${slot.type} is named without a value; it counts as empty.`,
    position: step.position,
    hint: `Write the value that it has here: '${step.name}: …'.`,
  }
}
