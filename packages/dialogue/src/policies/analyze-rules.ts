// Plays rules and stories against the learned rules: where they contradict each other, and which rules no story shows.

import type { Problem, SourcePosition } from '@tabula/protocol'
import { ACTION_LISTEN, RULE_SNIPPET_ACTION } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import { type TrainingEvent, TrainingTracker } from '../stories/training-tracker.ts'
import { activeLoopName } from './conversation.ts'
import type { RuleBooks, RuleDecision, RuleSource } from './rule-prediction.ts'
import { decideByRules, DEFAULT_SOURCES, loopSource } from './rule-prediction.ts'

export interface RuleAnalysis {
  readonly problems: readonly Problem[]
  /** Keys of sources that predict nothing in any story: their turns are hidden from what learns from stories. */
  readonly notInStories: ReadonlySet<string>
}

export interface AnalysisOptions extends RuleBooks {
  readonly domain: Domain
  /** What RulePolicy predicts where no rule fits: the fallback, or action_listen where that is off. */
  readonly fallback: string
}

interface Use {
  readonly name: string
  readonly position?: SourcePosition
  readonly action: string | null
}

/** Removes from the book the rules of a listen that a longer rule contradicts, as Rasa does. */
export function analyzeRules(
  ruleTrackers: readonly TrainingTracker[],
  allTrackers: readonly TrainingTracker[],
  options: AnalysisOptions,
): RuleAnalysis {
  const uses = new Map<string, Use[]>()
  const usesOf = (key: string): Use[] => {
    const known = uses.get(key) ?? []
    uses.set(key, known)
    return known
  }
  for (const tracker of ruleTrackers)
    for (const { action, predicted, source } of steps(tracker, options))
      if (source !== null) usesOf(source.key).push(useOf(tracker, source, predicted, action))
  const problems: Problem[] = []
  const usedInStories = new Set<string>()
  for (const tracker of allTrackers)
    for (const step of steps(tracker, options)) {
      const { action, predicted, source } = step
      if (!tracker.isRule && predicted === action && source !== null) usedInStories.add(source.key)
      if (predicted === null || source === null || predicted === action) continue
      if (tracker.isRule && isOverruled(source.key, predicted, options)) options.rules.remove(source.key)
      else {
        const others = usesOf(source.key).filter(use => use.action !== action)
        if (others.length > 0) problems.push(contradiction(tracker, step, others, options.fallback))
      }
    }
  const loops = [...options.domain.forms.keys()].flatMap(loop =>
    [false, true].map(isListen => loopSource(loop, isListen).key),
  )
  const all = new Set([...uses.keys(), ...DEFAULT_SOURCES, ...loops])
  return { problems, notInStories: all.difference(usedInStories) }
}

interface Step {
  /** What the rule or story says. */
  readonly action: string
  readonly predicted: string | null
  readonly source: RuleSource | null
  readonly event: TrainingEvent
}

/** The predictable actions of a conversation, each with what the rules make of what came before it. */
function* steps(tracker: TrainingTracker, options: AnalysisOptions): Generator<Step> {
  const running = TrainingTracker.empty(options.domain, tracker.isRule)
  let isUnpredictable = true // Nothing says why a conversation begins as it does.
  for (const placed of tracker.appliedEvents()) {
    const { event } = placed
    if (event.event === 'action') {
      const isSnippet = event.name === RULE_SNIPPET_ACTION
      if (!isSnippet && !isUnpredictable && !placed.isUnpredictable) {
        const action = event.name ?? event.action_text ?? ''
        yield { action, event: placed, ...predict(running, action, options) }
      }
      isUnpredictable = isSnippet
    }
    running.append(placed)
  }
}

/** In a loop the loop itself is predicted; where the data has something else, the loop is taken to have rejected. */
function predict(
  running: TrainingTracker,
  action: string,
  options: AnalysisOptions,
): Pick<Step, 'predicted' | 'source'> {
  const first = outcome(decideByRules(running, options), running, options)
  const loop = activeLoopName(running)
  if (loop === null || first.predicted === action || first.predicted !== loop) return first
  const position = running.position
  running.append({
    event: { event: 'action_execution_rejected', name: loop, policy: null, confidence: null, timestamp: 0 },
    position,
    isUnpredictable: false,
  })
  return outcome(decideByRules(running, options), running, options)
}

/** Stories may hold what no rule knows; a rule must always lead to some prediction. */
function outcome(
  { action, source }: RuleDecision,
  { isRule }: TrainingTracker,
  { fallback }: AnalysisOptions,
): Pick<Step, 'predicted' | 'source'> {
  return { predicted: action ?? (isRule ? fallback : null), source }
}

function useOf(tracker: TrainingTracker, source: RuleSource, predicted: string | null, action: string): Use {
  return source.kind === 'default' || source.kind === 'loop'
    ? { name: source.name, action: predicted }
    : { name: `the rule '${tracker.name}'`, position: tracker.position, action }
}

/** A rule that only listens gives way to one of the same beginning that says what to do. */
function isOverruled(key: string, predicted: string, { rules }: RuleBooks): boolean {
  if (predicted !== ACTION_LISTEN || key.split('prev_action').length > 2) return false
  const beginning = key.slice(0, -2)
  return rules.rules.some(rule => rule.key !== key && rule.key.startsWith(beginning))
}

function contradiction(
  tracker: TrainingTracker,
  { action, predicted, event: { position } }: Step,
  others: readonly Use[],
  fallback: string,
): Problem {
  const names = new Map(others.map(use => [use.name, use.position]))
  const sides = [...names].map(([name, place]) =>
    place === undefined ? name : `${name} (${place.file}:${place.line})`,
  )
  const instead =
    predicted === null || predicted === fallback
      ? ''
      : `, which ${names.size > 1 ? 'predict' : 'predicts'} '${predicted}'`
  return {
    severity: 'error',
    code: 'rule.contradiction',
    message: `The action '${action}' in the ${tracker.isRule ? 'rule' : 'story'} '${tracker.name}' contradicts ${sides.join(' and ')}${instead}.`,
    position,
    hint: 'Change one of them so that both lead to the same action.',
  }
}
