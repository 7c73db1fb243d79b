// The rules that RulePolicy has learned: which of them fit a conversation, compared backwards from now.

import type { SourcePosition } from '@tabula/protocol'
import { RULE_SNIPPET_ACTION } from '../domain/default-names.ts'
import { statesText } from '../stories/state-text.ts'
import { SHOULD_NOT_BE_SET, type State } from '../tracker/state.ts'

export interface Rule<Outcome extends string = string> {
  /** Rasa's text of the states: the longest of several that fit decides. */
  readonly key: string
  /** Oldest first. */
  readonly states: readonly State[]
  readonly outcome: Outcome
  readonly name: string
  readonly position: SourcePosition
}

/** The states after the latest "whatever happened"; null where nothing comes after it. */
export function statesOfRule(states: readonly State[]): readonly State[] | null {
  const cut = states.findLastIndex(state => state.prev_action?.action_name === RULE_SNIPPET_ACTION)
  const kept = states.slice(cut + 1)
  return kept.length === 0 ? null : kept
}

export class RuleBook<Outcome extends string = string> {
  readonly #rules = new Map<string, Rule<Outcome>>()
  /** By the action that the rule's last state follows; '' holds rules that start with the conversation. */
  readonly #byLastAction = new Map<string, Rule<Outcome>[]>()
  #longest = 0

  constructor(rules: Iterable<Rule<Outcome>> = []) {
    for (const rule of rules) this.add(rule)
  }

  /** A rule of the same states takes the place of an earlier one. */
  add(rule: Rule<Outcome>): void {
    this.remove(rule.key)
    this.#rules.set(rule.key, rule)
    const action = lastAction(rule.states)
    this.#byLastAction.set(action, [...(this.#byLastAction.get(action) ?? []), rule])
    this.#longest = Math.max(this.#longest, rule.states.length)
  }

  remove(key: string): void {
    const rule = this.#rules.get(key)
    if (rule === undefined) return
    this.#rules.delete(key)
    const action = lastAction(rule.states)
    this.#byLastAction.set(
      action,
      (this.#byLastAction.get(action) ?? []).filter(other => other !== rule),
    )
  }

  /** Of the longest rule: what came before is not looked at. */
  get longest(): number {
    return this.#longest
  }

  get rules(): readonly Rule<Outcome>[] {
    return [...this.#rules.values()]
  }

  /** The rules that fit the conversation. */
  matching(states: readonly State[]): Rule<Outcome>[] {
    const action = lastAction(states)
    const candidates = this.#byLastAction.get(action) ?? []
    return candidates.filter(rule => fits(rule.states, states))
  }

  /** The longest rule that fits, or null. Of equally long ones Rasa takes any; here it is the first one written. */
  best(states: readonly State[]): Rule<Outcome> | null {
    let best: Rule<Outcome> | null = null
    for (const rule of this.matching(states))
      if (best === null || rule.key.length > best.key.length) best = rule
    return best
  }
}

export function ruleKey(states: readonly State[]): string {
  return statesText(states)
}

function lastAction(states: readonly State[]): string {
  const action = states.at(-1)?.prev_action
  return action?.action_name ?? (action?.action_text === undefined ? '' : `"${action.action_text}`)
}

function fits(rule: readonly State[], conversation: readonly State[]): boolean {
  const length = Math.min(rule.length, conversation.length)
  for (let back = 1; back <= length; back += 1) {
    const ruleState = rule[rule.length - back] ?? {}
    const state = conversation[conversation.length - back] ?? {}
    const isRuleStart = isEmpty(ruleState.prev_action)
    const isStart = isEmpty(state.prev_action)
    // Both begin here: what slots are at the beginning is the same in both.
    if (isRuleStart && isStart) continue
    if (isRuleStart !== isStart || !stateFits(ruleState, state)) return false
  }
  return true
}

function isEmpty(action: State['prev_action']): boolean {
  return action === undefined || Object.keys(action).length === 0
}

type Part = string | readonly (string | number)[] | undefined
type Parts = Readonly<Record<string, Part>>

/** Whether all that the rule's state names is so in the conversation's; the conversation may hold more. */
function stateFits(rule: State, state: State): boolean {
  return (
    partsFit(rule.prev_action, state.prev_action) &&
    partsFit(rule.user, state.user) &&
    partsFit(rule.active_loop, state.active_loop) &&
    partsFit(rule.slots, state.slots)
  )
}

function partsFit(rule: object | undefined, state: object | undefined): boolean {
  if (rule === undefined) return true
  const found: Parts = (state ?? {}) as Parts
  return Object.entries(rule as Parts).every(([name, value]) =>
    value === SHOULD_NOT_BE_SET ? isUnset(found[name]) : isNothing(value) || isSame(value, found[name]),
  )
}

function isUnset(value: Part): boolean {
  return isNothing(value) || value === SHOULD_NOT_BE_SET
}

function isNothing(value: Part): boolean {
  return value === undefined || value.length === 0
}

function isSame(a: Part, b: Part): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  return a.length === b.length && a.every((item, index) => item === b[index])
}
