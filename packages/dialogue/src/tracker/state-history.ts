// The states before each applied action, and the one now, as Rasa's past_states gives them to policies.

import type { Domain } from '../domain/domain.ts'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { Prior } from './applied-log.ts'
import type { Fold } from './fold.ts'
import { SHOULD_NOT_BE_SET, type SlotFeatures, type State } from './state.ts'

/** How states are seen; each option is one of Rasa's past_states. */
export interface StateOptions {
  /** Leave out slots that no event has set: rules ignore initial values. */
  readonly omitUnsetSlots?: boolean
  /** Leave out turns, slots and loops that occur in rules alone: what memoization and learners see. */
  readonly ruleOnly?: { readonly slots: ReadonlySet<string>; readonly loops: ReadonlySet<string> }
}

interface Step {
  readonly prior: Prior
  /** null for a turn that is hidden. */
  readonly state: State | null
  readonly mlAction: State['prev_action'] | null
  readonly hidden: boolean
}

/** Keeps the states of one conversation for one set of options, and follows the log's priors at the cost of what changed. */
export class StateHistory {
  readonly #domain: Domain
  readonly #options: StateOptions
  readonly #steps: Step[] = []
  readonly #states: State[] = []
  #hasNow = false
  #now: Fold | null = null

  constructor(domain: Domain, options: StateOptions) {
    this.#domain = domain
    this.#options = options
  }

  /** All states, the current one last. The array is reused by the next call. */
  follow(priors: readonly Prior[], now: Fold): readonly State[] {
    if (now === this.#now && this.#steps.length === priors.length && !this.#differs(priors))
      return this.#states
    this.#now = now
    if (this.#hasNow) this.#states.pop()
    while (this.#steps.length > priors.length || this.#differs(priors)) this.#drop()
    for (let index = this.#steps.length; index < priors.length; index += 1) {
      const prior = priors[index]
      if (prior === undefined) break
      const step = this.#step(prior, prior.fold, prior.hideRuleTurn)
      this.#steps.push(step)
      if (step.state !== null) this.#states.push(step.state)
    }
    const current = this.#step({ fold: now, hideRuleTurn: false, index: -1 }, now, false)
    this.#hasNow = current.state !== null
    if (current.state !== null) this.#states.push(current.state)
    return this.#states
  }

  #differs(priors: readonly Prior[]): boolean {
    const last = this.#steps.at(-1)
    return last !== undefined && last.prior !== priors[this.#steps.length - 1]
  }

  #drop(): void {
    if (this.#steps.pop()?.state) this.#states.pop()
  }

  #step(prior: Prior, fold: Fold, hideRuleTurn: boolean): Step {
    const state = stateOf(fold, this.#domain, this.#options.omitUnsetSlots === true)
    const { ruleOnly } = this.#options
    if (ruleOnly === undefined) return { prior, state, mlAction: null, hidden: false }
    const before = this.#steps.at(-1)
    const wasHidden = before?.hidden ?? false
    const mlAction = wasHidden ? (before?.mlAction ?? null) : fold.latestAction
    const latest = fold.latestAction.action_name ?? fold.latestAction.action_text ?? null
    // A followup and a loop's happy path do not change whether the turn is hidden.
    const follows = fold.followupAction !== null || latest === activeLoopName(fold)
    const hidden = follows ? wasHidden : hideRuleTurn
    if (hidden) return { prior, state: null, mlAction, hidden }
    const last = this.#states.at(-1)
    const seen = withoutRuleOnly(state, ruleOnly)
    const withUser = last === undefined || isListening(seen) ? seen : withUserOf(seen, last)
    return { prior, state: withAction(withUser, mlAction), mlAction, hidden }
  }
}

/** The state of a conversation at one point. */
function stateOf(fold: Fold, domain: Domain, omitUnsetSlots: boolean): State {
  const user = userOf(fold, domain)
  const slots = slotsOf(fold, domain, omitUnsetSlots)
  return {
    ...(user === null ? {} : { user }),
    ...(slots === null ? {} : { slots }),
    ...(Object.keys(fold.latestAction).length === 0 ? {} : { prev_action: fold.latestAction }),
    ...(fold.activeLoop === null ? {} : { active_loop: { name: fold.activeLoop.name } }),
  }
}

function userOf(fold: Fold, domain: Domain): NonNullable<State['user']> | null {
  const message = fold.latestMessage
  if (message === null) return null
  const { text } = message.event
  const intent = message.event.parse_data.intent.name ?? null
  const entities = message.useText === true ? [] : entitiesOf(fold, domain, intent)
  const spoken = text !== null && text !== '' && message.useText !== false
  const understood = intent !== null && intent !== '' && message.useText !== true
  if (!spoken && !understood && entities.length === 0) return null
  return {
    ...(spoken ? { text } : {}),
    ...(understood ? { intent } : {}),
    ...(entities.length > 0 ? { entities } : {}),
  }
}

function entitiesOf(fold: Fold, domain: Domain, intent: string | null): string[] {
  const used = intent === null ? undefined : domain.intents.get(intent)?.usedEntities
  const names = new Set<string>()
  for (const entity of fold.latestMessage?.entities ?? []) {
    names.add(entity.entity)
    if (entity.role !== undefined) names.add(`${entity.entity}#${entity.role}`)
    if (entity.group !== undefined) names.add(`${entity.entity}#${entity.group}`)
  }
  return [...names].filter(name => used?.has(name) ?? true).sort()
}

const slotStates = new WeakMap<Fold['slots'], Readonly<Record<string, SlotFeatures>> | null>()

function slotsOf(
  fold: Fold,
  domain: Domain,
  omitUnset: boolean,
): Readonly<Record<string, SlotFeatures>> | null {
  const known = omitUnset ? undefined : slotStates.get(fold.slots)
  if (known !== undefined) return known
  const slots: Record<string, SlotFeatures> = {}
  for (const [name, value] of fold.slots) {
    const slot = domain.slots.get(name)
    if (slot === undefined || slot.featureCount === 0 || (omitUnset && !fold.slotsSet.has(name))) continue
    const features = slot.features(value)
    if (value === SHOULD_NOT_BE_SET) slots[name] = SHOULD_NOT_BE_SET
    else if (features.some(feature => feature !== 0)) slots[name] = features
  }
  const result = Object.keys(slots).length === 0 ? null : slots
  if (!omitUnset) slotStates.set(fold.slots, result)
  return result
}

function activeLoopName(fold: Fold): string | null {
  const name = fold.activeLoop?.name ?? null
  return name === SHOULD_NOT_BE_SET ? null : name
}

function isListening(state: State): boolean {
  return state.prev_action?.action_name === ACTION_LISTEN
}

function withoutRuleOnly(state: State, ruleOnly: NonNullable<StateOptions['ruleOnly']>): State {
  const { slots, active_loop } = state
  const isHiddenLoop = active_loop !== undefined && ruleOnly.loops.has(active_loop.name)
  const kept = slots === undefined ? null : keptSlots(slots, ruleOnly.slots)
  if (!isHiddenLoop && kept === (slots ?? null)) return state
  const { user, prev_action } = state
  return {
    ...(user === undefined ? {} : { user }),
    ...(prev_action === undefined ? {} : { prev_action }),
    ...(kept === null ? {} : { slots: kept }),
    ...(active_loop === undefined || isHiddenLoop ? {} : { active_loop }),
  }
}

type Slots = NonNullable<State['slots']>
const slotsKept = new WeakMap<ReadonlySet<string>, WeakMap<Slots, Slots | null>>()

/** The slots that stories know of, null for none: the same object as long as the slots are the same. */
function keptSlots(slots: Slots, hidden: ReadonlySet<string>): Slots | null {
  const bySlots = slotsKept.get(hidden) ?? new WeakMap<Slots, Slots | null>()
  slotsKept.set(hidden, bySlots)
  const known = bySlots.get(slots)
  if (known !== undefined) return known
  const entries = Object.entries(slots)
  const shown = entries.filter(([name]) => !hidden.has(name))
  const kept = shown.length === entries.length ? slots : shown.length === 0 ? null : Object.fromEntries(shown)
  bySlots.set(slots, kept)
  return kept
}

/** Between two listens the message is the one of the state before, also where a hidden turn stood between. */
function withUserOf(state: State, last: State): State {
  const { prev_action, slots, active_loop } = state
  return {
    ...(last.user === undefined ? {} : { user: last.user }),
    ...(slots === undefined ? {} : { slots }),
    ...(prev_action === undefined ? {} : { prev_action }),
    ...(active_loop === undefined ? {} : { active_loop }),
  }
}

function withAction(state: State, action: State['prev_action'] | null): State {
  return action === null || action === undefined || Object.keys(action).length === 0
    ? state
    : { ...state, prev_action: action }
}
