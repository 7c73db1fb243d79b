// States as policies compare them: Rasa's tracker featurizers, for training and for prediction.

import type { SourcePosition } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import { NO_WALK, StateWalks } from '../stories/state-walks.ts'
import { withoutText } from '../stories/textless-state.ts'
import type { TrainingTracker } from '../stories/training-tracker.ts'
import type { State } from '../tracker/state.ts'

const ACTION_UNLIKELY_INTENT = 'action_unlikely_intent'

/** One step to learn: what the conversation looked like, and the action that followed. */
export interface TrainingStep {
  readonly states: readonly State[]
  readonly action: string
  readonly story: string
  readonly position: SourcePosition
}

export interface TrainingStepOptions {
  readonly maxHistory: number | null
  /** Leave out what slots are at the beginning. */
  readonly omitUnsetSlots?: boolean
  /** Leave out action_unlikely_intent, which learners must not see. */
  readonly ignoreUnlikelyIntent?: boolean
}

/** Every predictable action of the conversations with the states before it, each pair once. */
export function trainingSteps(
  trackers: readonly TrainingTracker[],
  { maxHistory, omitUnsetSlots = false, ignoreUnlikelyIntent = false }: TrainingStepOptions,
): TrainingStep[] {
  const steps: TrainingStep[] = []
  const walks = new StateWalks()
  const seen = new Map<string, Set<number>>()
  for (const tracker of trackers) {
    const all = omitUnsetSlots ? tracker.statesOfSetSlots() : tracker.states()
    const states = ignoreUnlikelyIntent ? withoutUnlikelyIntent(all) : all
    let index = 0
    let walk = NO_WALK
    for (const { event, position, isUnpredictable } of tracker.appliedEvents()) {
      if (event.event !== 'action' || (ignoreUnlikelyIntent && event.name === ACTION_UNLIKELY_INTENT))
        continue
      const latest = states[index]
      index += 1
      const first = maxHistory === null ? 0 : Math.max(0, index - maxHistory)
      if (first > 0) walk = walks.of(states.slice(first, index))
      else if (latest !== undefined) walk = walks.after(walk, latest)
      if (isUnpredictable) continue
      const action = event.name ?? event.action_text ?? ''
      const seenBefore = seen.get(action) ?? new Set()
      if (seenBefore.has(walk)) continue
      seen.set(action, seenBefore.add(walk))
      const past = states.slice(first, index).map(withoutTextOfIntent)
      steps.push({ states: past, action, story: tracker.name, position })
    }
  }
  return steps
}

/** The states a prediction is made on; the latest message counts by its text alone, or by its intent and entities. */
export function predictionStates(
  states: readonly State[],
  { useText, maxHistory }: { readonly useText: boolean; readonly maxHistory: number | null },
): State[] {
  const kept = maxHistory === null ? states : states.slice(-maxHistory)
  const last = kept.length - 1
  return kept.map((state, index) =>
    index === last && isListening(state) ? lastInput(state, useText) : withoutTextOfIntent(state),
  )
}

function withoutUnlikelyIntent(states: readonly State[]): readonly State[] {
  const isKept = (state: State): boolean => state.prev_action?.action_name !== ACTION_UNLIKELY_INTENT
  return states.every(isKept) ? states : states.filter(isKept)
}

function isListening(state: State): boolean {
  return state.prev_action?.action_name === ACTION_LISTEN
}

function lastInput(state: State, useText: boolean): State {
  if (!useText) return withoutText(state)
  if (state.user?.intent === undefined && state.user?.entities === undefined) return state
  const { text } = state.user
  return { ...state, user: text === undefined ? {} : { text } }
}

/** What was said counts by its intent where it has one. */
export function withoutTextOfIntent(state: State): State {
  return state.user?.text !== undefined && state.user.intent === undefined ? state : withoutText(state)
}

/** The latest states, at most so many, without action_unlikely_intent; a long conversation is not looked at from end to end. */
export function latestSeen(states: readonly State[], most: number): State[] {
  const kept: State[] = []
  for (let index = states.length - 1; index >= 0 && kept.length < most; index -= 1) {
    const state = states[index]
    if (state !== undefined && state.prev_action?.action_name !== ACTION_UNLIKELY_INTENT) kept.push(state)
  }
  return kept.reverse()
}

/**
 * The states that a policy of stories looks up: without action_unlikely_intent, the latest message by its intent. null
 * where there are more than `most` of them.
 */
export function recentStates(
  states: readonly State[],
  history: number | null,
  most: number,
): readonly State[] | null {
  const kept = latestSeen(states, history ?? most + 1)
  return kept.length > most ? null : predictionStates(kept, { useText: false, maxHistory: null })
}
