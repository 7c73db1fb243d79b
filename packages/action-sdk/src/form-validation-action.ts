// Checks what a form was given, and may choose what it asks next.

import type { DomainJson } from '@tabula/protocol'
import type { AnyBot, BotTypes, ValidationName } from './bot-types.ts'
import type { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { ActionEvent } from './events.ts'
import { slotSet } from './events.ts'
import type { Tracker } from './tracker.ts'
import { ValidationAction } from './validation-action.ts'

/** The action `validate_FORM`: extend it, name it, and add methods `validate_SLOT` and `extract_SLOT`. */
export abstract class FormValidationAction<B extends BotTypes = AnyBot> extends ValidationAction<B> {
  abstract override readonly name: ValidationName<B>

  /** The slots as events; where requiredSlots is overridden, requested_slot comes last. */
  override async run(
    dispatcher: CollectingDispatcher<B>,
    tracker: Tracker<B>,
    domain: DomainJson,
  ): Promise<readonly ActionEvent[]> {
    const validated = await super.run(dispatcher, tracker, domain)
    const next = await this.nextRequestedSlot(dispatcher, tracker, domain)
    return next === null ? validated : [...validated, next]
  }

  /** The name without `validate_`. */
  get formName(): string {
    return this.name.replace('validate_', '')
  }

  /** The slots that the domain lists for the form. */
  override domainSlots(domain: DomainJson): readonly string[] {
    return domain.forms?.[this.formName]?.required_slots ?? []
  }

  /**
   * The first of the required slots that is empty, as the event that makes the form ask for it, null in it ending the
   * form; null for the domain's own slots, which the server asks for by itself.
   */
  async nextRequestedSlot(
    dispatcher: CollectingDispatcher<B>,
    tracker: Tracker<B>,
    domain: DomainJson,
  ): Promise<ActionEvent | null> {
    const domainSlots = this.domainSlots(domain)
    const required = await this.requiredSlots(domainSlots, dispatcher, tracker, domain)
    const isUnchanged =
      required.length === domainSlots.length && required.every((slot, at) => slot === domainSlots[at])
    if (isUnchanged) return null
    return slotSet('requested_slot', required.find(slot => tracker.getSlot(slot) === null) ?? null)
  }
}
