// Complaints about rules by themselves: too many messages, and slots or loops that an action sets elsewhere but not here.

import type { Problem } from '@tabula/protocol'
import { ACTION_LISTEN, RULE_SNIPPET_ACTION } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import type { TrainingTracker } from '../stories/training-tracker.ts'
import { SHOULD_NOT_BE_SET, type State } from '../tracker/state.ts'

/** Rules with more than one message: Rasa's `restrict_rules`. */
export function checkRuleRestriction(rules: readonly TrainingTracker[]): Problem[] {
  return rules
    .filter(({ events }) => events.filter(({ event }) => event.event === 'user').length > 1)
    .map(({ name, position }) => ({
      severity: 'error',
      code: 'rule.several-messages',
      message: `The rule '${name}' has more than one message of the user.`,
      position,
      hint: 'A rule is one message and what follows it; write a longer conversation as a story.',
    }))
}

/** What an action does in rules, besides being run. */
interface Fingerprint {
  /** Featurized slots that are set after it. */
  readonly slots: Set<string>
  /** Loops that are started or ended (null) after it. */
  readonly loops: Set<string | null>
}

/** Rules in which an action leaves out what it does in other rules. */
export function checkIncompleteRules(rules: readonly TrainingTracker[], domain: Domain): Problem[] {
  const fingerprints = fingerprintsOf(rules, domain)
  return rules.flatMap(rule => {
    const states = rule.states()
    const actions = rule.events.filter(({ event }) => event.event === 'action')
    return states.flatMap((state, index) => {
      const action = state.prev_action?.action_name
      const next =
        states[index + 1]?.prev_action?.action_name ?? (index + 1 < states.length ? '' : ACTION_LISTEN)
      const fingerprint = action === undefined ? undefined : fingerprints.get(action)
      if (action === undefined || fingerprint === undefined) return []
      if (action === RULE_SNIPPET_ACTION || next === RULE_SNIPPET_ACTION) return []
      const position = actions[index - 1]?.position ?? rule.position
      return missing(action, fingerprint, state).map(problem => ({
        ...problem,
        message: `In the rule '${rule.name}', ${problem.message}`,
        position,
      }))
    })
  })
}

function fingerprintsOf(rules: readonly TrainingTracker[], domain: Domain): Map<string, Fingerprint> {
  const fingerprints = new Map<string, Fingerprint>()
  for (const rule of rules) {
    let action: string | null = null
    for (const { event } of rule.events) {
      if (event.event === 'action') action = event.name ?? event.action_text
      else if (event.event === 'user')
        action = null // Slots that follow are the message's, not the listen's.
      else if (action !== null) {
        const fingerprint = fingerprints.get(action) ?? { slots: new Set(), loops: new Set() }
        fingerprints.set(action, fingerprint)
        if (event.event === 'active_loop') fingerprint.loops.add(event.name)
        if (event.event === 'slot' && (domain.slots.get(event.name)?.featureCount ?? 0) > 0)
          fingerprint.slots.add(event.name)
      }
    }
  }
  return fingerprints
}

function missing(action: string, { slots, loops }: Fingerprint, state: State): Problem[] {
  const problems: Problem[] = []
  const unset = [...slots].filter(name => !Object.hasOwn(state.slots ?? {}, name))
  if (unset.length > 0)
    problems.push({
      severity: 'error',
      code: 'rule.incomplete-slots',
      message: `the action '${action}' does not set ${list(unset)}, which it sets in other rules.`,
      hint: `Add slot_was_set with ${list(unset)} after it (null where it is not to be set), or if it is the rule's last action, wait_for_user_input: false.`,
    })
  if (loops.size > 0 && !loops.has(state.active_loop?.name ?? null)) {
    const known = [...loops].map(name => (name === null || name === SHOULD_NOT_BE_SET ? 'null' : name))
    problems.push({
      severity: 'error',
      code: 'rule.incomplete-loop',
      message: `no active_loop follows '${action}', as it does in other rules: ${list([...new Set(known)])}.`,
      hint: `Add active_loop: ${known[0] ?? 'null'} after it, or if it is the rule's last action, wait_for_user_input: false.`,
    })
  }
  return problems
}

function list(names: readonly string[]): string {
  return names.map(name => `'${name}'`).join(', ')
}
