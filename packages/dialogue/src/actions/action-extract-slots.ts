// Fills slots from the latest message: every slot's mappings in the domain's order, then the bot's own validation.

import { CodedError } from '@tabula/protocol'
import type { BotUttered, JsonValue, SlotSet, TrackerEvent } from '@tabula/protocol'
import { ACTION_VALIDATE_SLOT_MAPPINGS } from '../domain/default-names.ts'
import type { Slot } from '../domain/slots/slot.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { Effectful } from '../turn/effects.ts'
import type { Action, Scene } from './action.ts'
import { createRemoteAction } from './remote-action.ts'
import { rehearse } from './rehearse.ts'
import { isMappingDesired, valuesOf } from './slot-mapping.ts'

export const actionExtractSlots: Action = {
  name: 'action_extract_slots',
  mayReject: false,
  *run(scene) {
    const candidates: SlotSet[] = []
    const called = new Set<string>()
    for (const slot of scene.tracker.domain.slots.values()) {
      if (!slot.isAutomatic) candidates.push(...(yield* extract(scene, slot, called)))
    }
    return yield* validate(scene, candidates)
  },
}

/** What one slot's mappings give; the first that has a value ends it, a custom mapping never does. */
function* extract(scene: Scene, slot: Slot, called: Set<string>): Effectful<readonly SlotSet[]> {
  const found: SlotSet[] = []
  for (const mapping of slot.mappings) {
    if (!isMappingDesired(mapping, slot.name, scene.tracker)) continue
    const value = valueFor(slot, valuesOf(mapping, scene.tracker), scene.tracker)
    if (value !== undefined) return [...found, { event: 'slot', name: slot.name, value }]
    if (mapping.type === 'custom' && mapping.action !== undefined && !called.has(mapping.action)) {
      called.add(mapping.action)
      // What the action says is lost, as in Rasa: its slots alone are candidates.
      found.push(...(yield* runCustom(scene, mapping.action)).filter(event => event.event === 'slot'))
    }
  }
  return found
}

/** A list slot takes all values, any other the last; null counts only where it empties the slot. undefined = nothing. */
function valueFor(slot: Slot, values: readonly JsonValue[], tracker: Tracker): JsonValue | undefined {
  if (values.length === 0) return undefined
  if (slot.type === 'list') return values
  const value = values.at(-1) ?? null
  return value === null && tracker.slot(slot.name) === null ? undefined : value
}

/** The candidates as action_validate_slot_mappings leaves them: its own events first, then what it did not speak of. */
function* validate(scene: Scene, candidates: readonly SlotSet[]): Effectful<readonly TrackerEvent[]> {
  if (!scene.context.domain.userActions.has(ACTION_VALIDATE_SLOT_MAPPINGS)) return candidates
  const validated = yield* rehearse(scene, candidates, rehearsed =>
    runCustom(rehearsed, ACTION_VALIDATE_SLOT_MAPPINGS),
  )
  const names = new Set(validated.map(event => (event.event === 'slot' ? event.name : null)))
  return [...validated, ...candidates.filter(({ name }) => !names.has(name))]
}

/** Slots and messages of a custom action; none where it fails or rejects, which must not cost the user the turn. */
function* runCustom(scene: Scene, name: string): Effectful<readonly (SlotSet | BotUttered)[]> {
  try {
    const events = yield* createRemoteAction(name).run(scene)
    return events.filter(event => event.event === 'slot' || event.event === 'bot')
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    yield {
      kind: 'log',
      level: 'warn',
      code: 'slots.custom-action-failed',
      message: `${name} could not fill slots: ${error.message}`,
    }
    return []
  }
}
