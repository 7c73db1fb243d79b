// Makes RulePolicy's rules out of conversations, and what only rules talk about.

import { ACTION_LISTEN, RULE_SNIPPET_ACTION } from '../domain/default-names.ts'
import type { TrainingTracker } from '../stories/training-tracker.ts'
import { SHOULD_NOT_BE_SET, type State } from '../tracker/state.ts'
import { loopOfState } from './conversation.ts'
import { type TrainingStep, trainingSteps } from './featurized-states.ts'
import { RuleBook, ruleKey, statesOfRule } from './rule-book.ts'
import type { LoopOutcome, RuleBooks } from './rule-prediction.ts'

export interface LearnedRules extends RuleBooks {
  /** Featurized slots and loops that no story has. */
  readonly ruleOnlySlots: readonly string[]
  readonly ruleOnlyLoops: readonly string[]
}

/** The rules of rule conversations; stories say besides how loops are interrupted. */
export function learnRules(
  ruleTrackers: readonly TrainingTracker[],
  storyTrackers: readonly TrainingTracker[],
): LearnedRules {
  const ruleSteps = trainingSteps(ruleTrackers, { maxHistory: null, omitUnsetSlots: true })
  const storySteps = trainingSteps(storyTrackers, { maxHistory: null })
  const inRules = namesIn(ruleSteps)
  const inStories = namesIn(storySteps)
  return {
    rules: new RuleBook(rulesOf(ruleSteps)),
    detours: new RuleBook([...ruleSteps, ...storySteps].flatMap(detourOf)),
    ruleOnlySlots: [...inRules.slots.difference(inStories.slots)],
    ruleOnlyLoops: [...inRules.loops.difference(inStories.loops)],
  }
}

/** One rule a sequence of states; states that two actions follow make none, as in memoization. */
function rulesOf(steps: readonly TrainingStep[]) {
  const rules = new Map<string, RuleBook['rules'][number]>()
  const ambiguous = new Set<string>()
  for (const { states, action, story, position } of steps) {
    const kept = statesOfRule(states)
    if (kept === null) continue
    const key = ruleKey(kept)
    const known = rules.get(key)
    if (ambiguous.has(key)) continue
    if (known === undefined) rules.set(key, { key, states: kept, outcome: action, name: story, position })
    else if (known.outcome !== action) {
      ambiguous.add(key)
      rules.delete(key)
    }
  }
  return [...rules.values()].filter(({ outcome }) => outcome !== RULE_SNIPPET_ACTION)
}

/** In a loop, rules and stories show detours alone: where the loop comes back, and where it does not. */
function detourOf({ states, action, story, position }: TrainingStep) {
  const last = states.at(-1)
  const loop = loopOfState(last)
  const kept = loop === null ? null : statesOfRule(lastTwo(states))
  if (kept === null) return []
  const isAfterListen = last?.prev_action?.action_name === ACTION_LISTEN
  const outcome: LoopOutcome | null =
    isAfterListen && action === loop
      ? 'loop_was_interrupted'
      : !isAfterListen && action !== loop
        ? 'do_not_predict_loop_action'
        : null
  return outcome === null ? [] : [{ key: ruleKey(kept), states: kept, outcome, name: story, position }]
}

/** The last state, and of the one before it the action alone: its message does not matter. */
function lastTwo(states: readonly State[]): readonly State[] {
  const last = states.slice(-1)
  const action = states.at(-2)?.prev_action
  return states.length === 1 || action === undefined ? last : [{ prev_action: action }, ...last]
}

function namesIn(steps: readonly TrainingStep[]): { slots: Set<string>; loops: Set<string> } {
  const slots = new Set<string>()
  const loops = new Set<string>()
  for (const { states } of steps)
    for (const state of states) {
      for (const name of Object.keys(state.slots ?? {})) slots.add(name)
      if (state.active_loop !== undefined && state.active_loop.name !== SHOULD_NOT_BE_SET)
        loops.add(state.active_loop.name)
    }
  return { slots, loops }
}

/** Conversations that were written, without those that augmentation glued. */
export function writtenTrackers(trackers: readonly TrainingTracker[]): {
  readonly ruleTrackers: TrainingTracker[]
  readonly storyTrackers: TrainingTracker[]
} {
  const written = trackers.filter(({ isAugmented }) => !isAugmented)
  return {
    ruleTrackers: written.filter(({ isRule }) => isRule),
    storyTrackers: written.filter(({ isRule }) => !isRule),
  }
}
