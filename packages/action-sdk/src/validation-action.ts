// Checks slots that were just filled, and fills those that only code can fill.

import type { DomainJson, JsonValue, SlotJson } from '@tabula/protocol'
import type { Action } from './action.ts'
import type { AnyBot, BotTypes, SomeSlots } from './bot-types.ts'
import type { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { ActionEvent } from './events.ts'
import { slotSet } from './events.ts'
import type { Tracker } from './tracker.ts'

/** Slots by name, with their new values; null empties one. */
export type SlotValues<B extends BotTypes = AnyBot> = SomeSlots<B>

/** Checks one slot's new value: returns the value that it shall have, null to refuse it; other slots may be set too. */
export type ValidateSlot<B extends BotTypes = AnyBot> = (
  // Each method takes what its own slot holds.
  value: never,
  dispatcher: CollectingDispatcher<B>,
  tracker: Tracker<B>,
  domain: DomainJson,
) => SlotValues<B> | Promise<SlotValues<B>>

/** Fills slots from the conversation; an empty object fills none. */
export type ExtractSlot<B extends BotTypes = AnyBot> = (
  dispatcher: CollectingDispatcher<B>,
  tracker: Tracker<B>,
  domain: DomainJson,
) => SlotValues<B> | Promise<SlotValues<B>>

/**
 * The action `action_validate_slot_mappings`: extend it with methods `validate_SLOT` and `extract_SLOT` (a dash in a slot's
 * name becomes `_`). It takes the slots that belong to no form.
 */
export class ValidationAction<B extends BotTypes = AnyBot> implements Action<B> {
  readonly name: string = 'action_validate_slot_mappings'
  readonly [validate: `validate_${string}`]: ValidateSlot<B>
  readonly [extract: `extract_${string}`]: ExtractSlot<B>

  /** The slots as events: the candidates in their order, checked, then those that were extracted. */
  async run(
    dispatcher: CollectingDispatcher<B>,
    tracker: Tracker<B>,
    domain: DomainJson,
  ): Promise<readonly ActionEvent[]> {
    tracker.addSlots(await this.#extract(dispatcher, tracker, domain))
    const validated = await this.#validate(dispatcher, tracker, domain)
    tracker.addSlots(validated)
    return Array.from(validated, ([name, value]) => slotSet(name, value))
  }

  /** The slots that are extracted and checked: override it to add to `domainSlots` or to leave some out. */
  requiredSlots(
    domainSlots: readonly string[],
    _dispatcher: CollectingDispatcher<B>,
    _tracker: Tracker<B>,
    _domain: DomainJson,
  ): readonly string[] | Promise<readonly string[]> {
    return domainSlots
  }

  /** The domain's slots that this action is for. */
  domainSlots(domain: DomainJson): readonly string[] {
    return Object.entries(domain.slots ?? {})
      .filter(([, slot]) => !isMappedToForm(slot))
      .map(([name]) => name)
  }

  async #extract(
    dispatcher: CollectingDispatcher<B>,
    tracker: Tracker<B>,
    domain: DomainJson,
  ): Promise<Map<string, JsonValue>> {
    const domainSlots = this.domainSlots(domain)
    const extracted = new Map<string, JsonValue>()
    for (const slot of await this.requiredSlots(domainSlots, dispatcher, tracker, domain)) {
      const method = this[`extract_${asMethod(slot)}`]
      if (method === undefined) {
        if (!domainSlots.includes(slot)) warn(`${this.name} has no method extract_${asMethod(slot)}.`)
        continue
      }
      const values: unknown = await method.call(this, dispatcher, tracker, domain)
      apply(values, `${this.name}: extract_${asMethod(slot)}`, extracted, tracker)
    }
    return extracted
  }

  async #validate(
    dispatcher: CollectingDispatcher<B>,
    tracker: Tracker<B>,
    domain: DomainJson,
  ): Promise<Map<string, JsonValue>> {
    const wanted = await this.requiredSlots(this.domainSlots(domain), dispatcher, tracker, domain)
    const slots = tracker.slotsToValidate()
    for (const [slot, value] of Array.from(slots)) {
      if (!wanted.includes(slot)) {
        slots.delete(slot)
        continue
      }
      const method = this[`validate_${asMethod(slot)}`]
      if (method === undefined) continue
      const values: unknown = await method.call(this, value as never, dispatcher, tracker, domain)
      apply(values, `${this.name}: validate_${asMethod(slot)}`, slots, tracker)
    }
    return slots
  }
}

function isMappedToForm({ mappings }: SlotJson): boolean {
  if (!Array.isArray(mappings)) return false
  return (mappings as SlotJson['mappings']).some(({ conditions }) =>
    conditions?.some(({ active_loop }) => active_loop !== undefined && active_loop !== null),
  )
}

function asMethod(slot: string): string {
  return slot.replaceAll('-', '_')
}

/** What one method set is seen by the methods after it. */
function apply(
  values: unknown,
  method: string,
  slots: Map<string, JsonValue>,
  tracker: Pick<Tracker, 'setSlot'>,
): void {
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    warn(`${method} should return an object of slots and values; what it returned is ignored.`)
    return
  }
  for (const [slot, value] of Object.entries(values as Record<string, JsonValue>)) {
    slots.set(slot, value)
    tracker.setSlot(slot, value)
  }
}

const warned = new Set<string>()

/** Once for each: a form is validated with every message. */
function warn(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  process.emitWarning(message, { type: 'ActionWarning' })
}
