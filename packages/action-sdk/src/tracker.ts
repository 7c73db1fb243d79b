// The conversation as an action sees it, under rasa-sdk's names.

import type { Entity, JsonValue, ParseData, TrackerEvent, TrackerState } from '@tabula/protocol'
import { appliedEvents } from './applied-events.ts'
import type { AnyBot, BotTypes, EntityName, EntityPart, FormName, SlotName, SlotValue } from './bot-types.ts'

const FALLBACK_INTENT = 'nlu_fallback'

export class Tracker<B extends BotTypes = AnyBot> {
  readonly senderId: string
  /** The current values; an action may change them, which only its own later lines see. */
  readonly slots: { -readonly [Name in keyof B['slots']]: B['slots'][Name] }
  /** What was understood of the user's latest message. */
  readonly latestMessage: ParseData
  /** `{}` where no loop is on. */
  readonly activeLoop: TrackerState['active_loop']
  readonly latestActionName: string | null
  /** The action that is set to run next. */
  readonly followupAction: string | null
  readonly #state: TrackerState
  readonly #added: TrackerEvent[] = []

  constructor(state: TrackerState) {
    this.#state = state
    this.senderId = state.sender_id
    // The domain that the types were written of says what its slots hold.
    this.slots = { ...state.slots } as this['slots']
    this.latestMessage = state.latest_message
    this.activeLoop = state.active_loop
    this.latestActionName = state.latest_action_name
    this.followupAction = state.followup_action
  }

  /** All events of the conversation, oldest first. */
  get events(): readonly TrackerEvent[] {
    const events = this.#state.events ?? []
    return this.#added.length === 0 ? events : [...events, ...this.#added]
  }

  /** The name of the loop or form that is on, or null. */
  get activeLoopName(): FormName<B> | null {
    const name: unknown = 'name' in this.activeLoop ? this.activeLoop.name : null
    return isLoopName<B>(name) ? name : null
  }

  /** The channel of the user's latest message, or null. */
  get latestInputChannel(): string | null {
    return this.events.findLast(event => event.event === 'user')?.input_channel ?? null
  }

  /** The tracker as JSON, as the server sent it, with the slots that were added since. */
  currentState(): TrackerState {
    return {
      ...this.#state,
      slots: this.slots,
      events: this.events,
      latest_event_time: this.events.at(-1)?.timestamp ?? null,
    }
  }

  currentSlotValues(): this['slots'] {
    return this.slots
  }

  /** The slot's value; null where it is empty, and where there is no such slot. */
  getSlot<Name extends SlotName<B>>(name: Name): SlotValue<B, Name> | null {
    return Object.hasOwn(this.slots, name) ? (this.slots[name] ?? null) : null
  }

  /** The values of that entity in the latest message; without a role or group, those that have none. */
  getLatestEntityValues<Name extends EntityName<B>>(
    entity: Name,
    role?: EntityPart<B, Name, 'roles'> | null,
    group?: EntityPart<B, Name, 'groups'> | null,
  ): JsonValue[] {
    const isWanted = (found: Entity) =>
      found.entity === entity &&
      (found.role ?? null) === (role ?? null) &&
      (found.group ?? null) === (group ?? null)
    return this.latestMessage.entities.filter(isWanted).map(found => found.value)
  }

  /** The most likely intent of the latest message, past nlu_fallback unless that is wanted; null where there is none. */
  getIntentOfLatestMessage(skipFallbackIntent = true): B['intents'] | null {
    const [first, second] = this.latestMessage.intent_ranking ?? []
    const isSkipped = first?.name === FALLBACK_INTENT && skipFallbackIntent
    return (isSkipped ? second?.name : first?.name) ?? null
  }

  isPaused(): boolean {
    return this.#state.paused
  }

  /** Where the events after the last restart begin. */
  idxAfterLatestRestart(): number {
    return this.events.findLastIndex(event => event.event === 'restart') + 1
  }

  eventsAfterLatestRestart(): TrackerEvent[] {
    return this.events.slice(this.idxAfterLatestRestart())
  }

  /** The events that still count: without those that a restart, an undo or a rewind took back. */
  appliedEvents(): TrackerEvent[] {
    return appliedEvents(this.events)
  }

  /** The latest applied event of that kind, leaving out actions of the names in `exclude` and passing over `skip` others. */
  getLastEventFor<K extends TrackerEvent['event']>(
    kind: K,
    { exclude = [], skip = 0 }: { readonly exclude?: readonly string[]; readonly skip?: number } = {},
  ): Extract<TrackerEvent, { readonly event: K }> | null {
    const isWanted = (event: TrackerEvent): event is Extract<TrackerEvent, { readonly event: K }> =>
      event.event === kind && !(event.event === 'action' && exclude.includes(event.name ?? ''))
    return (
      this.appliedEvents()
        .filter(isWanted)
        .at(-1 - skip) ?? null
    )
  }

  /** Whether the latest action besides action_listen, or the one `skip` before it, has that name. */
  lastExecutedActionHas(name: string, skip = 0): boolean {
    return this.getLastEventFor('action', { exclude: ['action_listen'], skip })?.name === name
  }

  /** The slots that were just set and wait to be checked, in order: the server puts them at the end of the events. */
  slotsToValidate(): Map<string, JsonValue> {
    const first = this.events.findLastIndex(event => event.event !== 'slot') + 1
    const candidates = new Map<string, JsonValue>()
    for (const event of this.events.slice(first)) {
      if (event.event === 'slot') candidates.set(event.name, event.value)
    }
    return candidates
  }

  /** Sets a slot for the rest of this action; the server learns of it by the event that the action returns. */
  setSlot(name: string, value: JsonValue): void {
    Object.assign(this.slots, { [name]: value })
  }

  /** Sets slots for the rest of this action, and puts them behind the events. */
  addSlots(slots: Iterable<readonly [name: string, value: JsonValue]>): void {
    for (const [name, value] of slots) {
      this.setSlot(name, value)
      this.#added.push({ event: 'slot', timestamp: null, name, value })
    }
  }
}

/** Rasa writes `should_not_be_set` where a story says that no loop is on. */
function isLoopName<B extends BotTypes>(name: unknown): name is FormName<B> {
  return typeof name === 'string' && name !== 'should_not_be_set'
}
