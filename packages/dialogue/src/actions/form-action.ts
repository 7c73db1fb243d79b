// A form: asks for its required slots one by one, lets the bot validate what it hears, and ends when all are filled.

import type { JsonValue, SlotSet, TrackerEvent } from '@tabula/protocol'
import { ACTION_LISTEN, REQUESTED_SLOT } from '../domain/default-names.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { Effectful } from '../turn/effects.ts'
import { ActionRejection } from './action.ts'
import type { Action, Scene } from './action.ts'
import { createLoopAction } from './loop-action.ts'
import { createRemoteAction } from './remote-action.ts'
import { rehearse, withEvents } from './rehearse.ts'
import { slotsSinceLatestMessage } from './slots-since-message.ts'

type Events = readonly TrackerEvent[]

/** The action of a form of the domain. */
export function createFormAction(form: string): Action {
  return createLoopAction({
    name: form,
    activate: scene => activate(scene, form),
    act: (scene, soFar) => act(scene, form, soFar),
    isDone: (_scene, soFar) => isDone(soFar),
    *deactivate() {
      return []
    },
  })
}

/** Slots that the message fills now that the form is active, and what the validator makes of all that are filled. */
function activate(scene: Scene, form: string): Effectful<Events> {
  const { context, tracker } = scene
  return withEvents(context, tracker, [{ event: 'active_loop', name: form }], function* () {
    const extraction = yield* scene.findAction('action_extract_slots').run(scene)
    const extracted = extraction.filter(event => event.event === 'slot')
    if (validatorOf(scene, form) === null) return extracted
    const validated = yield* withEvents(context, tracker, extraction, () => {
      const prefilled = requiredSlots(scene, form)
        .filter(name => tracker.slot(name) !== null)
        .map(name => slotSet(name, tracker.slot(name)))
      return validate(scene, form, prefilled)
    })
    const names = new Set(validated.map(event => (event.event === 'slot' ? event.name : null)))
    return [...validated, ...extracted.filter(({ name }) => !names.has(name))]
  })
}

function* act(scene: Scene, form: string, soFar: Events): Effectful<Events> {
  // Slots that the activation gave events for have been validated there.
  const isValidated = soFar.some(event => event.event !== 'active_loop')
  const validated = isValidated ? [] : yield* hear(scene, form)
  if (isRejectedByValidator(validated)) return validated
  return [...validated, ...(yield* requestNextSlot(scene, form, [...soFar, ...validated]))]
}

/** Validates what the latest message filled. Throws ActionRejection where it filled nothing that the form asked for. */
function* hear(scene: Scene, form: string): Effectful<Events> {
  const { tracker } = scene
  const isAnswer =
    tracker.activeLoop === null ||
    (tracker.latestActionName === ACTION_LISTEN && !tracker.activeLoop.is_interrupted)
  // Back from a detour there is nothing to validate; the validator is called all the same, it may choose the next slot.
  if (!isAnswer) return yield* validate(scene, form, [])
  const requested = textOf(requestedSlot(tracker, form))
  const wanted = new Set([...requiredSlots(scene, form), ...(requested === null ? [] : [requested])])
  const candidates = latestValues(slotsSinceLatestMessage(tracker).filter(({ name }) => wanted.has(name)))
  const validated = yield* validate(scene, form, candidates)
  const isFilled =
    candidates.length > 0 ||
    validated.some(event => event.event === 'slot' && event.name !== REQUESTED_SLOT) ||
    isRejectedByValidator(validated)
  if (requested !== null && !isFilled) {
    throw new ActionRejection(`${form}: the message gave no value for ${requested}.`)
  }
  return validated
}

/** What the bot's validate_<form> returns for these candidates, nothing where it has none. */
function* validate(scene: Scene, form: string, candidates: readonly SlotSet[]): Effectful<Events> {
  const validator = validatorOf(scene, form)
  return validator === null
    ? []
    : yield* rehearseForm(scene, form, candidates, rehearsed => validator.run(rehearsed))
}

/** Asks for the next slot, or ends the form. */
function* requestNextSlot(scene: Scene, form: string, soFar: Events): Effectful<Events> {
  if (isDone(soFar)) return [slotSet(REQUESTED_SLOT, null)]
  const chosen = soFar.find(event => event.event === 'slot' && event.name === REQUESTED_SLOT)
  const asked = chosen?.event === 'slot' ? textOf(chosen.value) : null
  return yield* rehearseForm(scene, form, soFar, function* (rehearsed) {
    if (asked !== null) return yield* ask(rehearsed, form, asked)
    const missing = requiredSlots(scene, form).find(name => rehearsed.tracker.slot(name) === null)
    if (missing === undefined) return [slotSet(REQUESTED_SLOT, null)]
    return [slotSet(REQUESTED_SLOT, missing), ...(yield* ask(rehearsed, form, missing))]
  })
}

function* ask(scene: Scene, form: string, slot: string): Effectful<Events> {
  const names = [
    `action_ask_${form}_${slot}`,
    `utter_ask_${form}_${slot}`,
    `action_ask_${slot}`,
    `utter_ask_${slot}`,
  ]
  const name = names.find(candidate => scene.context.domain.actionIndex(candidate) !== undefined)
  return name === undefined ? [] : yield* scene.findAction(name).run(scene)
}

/** A validator ends the form early with requested_slot or active_loop null; of each kind the last word counts. */
function isDone(soFar: Events): boolean {
  if (isRejectedByValidator(soFar)) return false
  const requested = soFar.findLast(event => event.event === 'slot' && event.name === REQUESTED_SLOT)
  const loop = soFar.findLast(event => event.event === 'active_loop')
  return (
    (requested?.event === 'slot' && requested.value === null) ||
    (loop?.event === 'active_loop' && loop.name === null)
  )
}

function isRejectedByValidator(events: Events): boolean {
  return events.some(event => event.event === 'action_execution_rejected')
}

/** What a validator or an ask action does where it sees the form's run, then what is new in it. */
function rehearseForm(
  scene: Scene,
  form: string,
  events: Events,
  body: (scene: Scene) => Effectful<Events>,
): Effectful<Events> {
  return rehearse(
    scene,
    [
      slotSet(REQUESTED_SLOT, requestedSlot(scene.tracker, form)),
      {
        event: 'action',
        name: form,
        policy: null,
        confidence: null,
        action_text: null,
        hide_rule_turn: false,
      },
      ...events,
    ],
    body,
  )
}

/** The slot that this form asked for; what another form has asked for does not count. */
function requestedSlot(tracker: Tracker, form: string): JsonValue {
  return tracker.activeLoop?.name === form ? tracker.slot(REQUESTED_SLOT) : null
}

function requiredSlots({ context }: Scene, form: string): readonly string[] {
  return context.domain.forms.get(form)?.requiredSlots ?? []
}

function validatorOf({ context }: Scene, form: string): Action | null {
  const name = `validate_${form}`
  return context.domain.actionIndex(name) === undefined ? null : createRemoteAction(name)
}

/** One candidate a slot: the place of the first, the value of the last. */
function latestValues(slots: readonly SlotSet[]): readonly SlotSet[] {
  return [...new Map(slots.map(({ name, value }) => [name, value]))].map(([name, value]) =>
    slotSet(name, value),
  )
}

function slotSet(name: string, value: JsonValue): SlotSet {
  return { event: 'slot', name, value }
}

/** The name in a value of requested_slot, null where there is none. */
function textOf(value: JsonValue): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
