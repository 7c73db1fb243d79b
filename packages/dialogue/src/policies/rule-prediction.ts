// What RulePolicy predicts, and from which source: texts, defaults, loops, then intents, in Rasa's order.

import type { SourcePosition } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { State } from '../tracker/state.ts'
import { activeLoopName, type Conversation, loopOfState } from './conversation.ts'
import { predictionStates } from './featurized-states.ts'
import { type RuleBook, ruleKey, statesOfRule } from './rule-book.ts'

/** What loops do after a detour, learned from stories and rules alike. */
export type LoopOutcome = 'do_not_predict_loop_action' | 'loop_was_interrupted'

export interface RuleBooks {
  readonly rules: RuleBook
  readonly detours: RuleBook<LoopOutcome>
  /** As in Rasa 1, an intent with a rule is answered first where a form waits; the form asks again after it. */
  readonly hasLegacyForms?: boolean
}

/** Why RulePolicy predicts an action. Its key tells sources apart; for rules it is the rule's. */
export interface RuleSource {
  readonly kind: 'rule' | 'loop' | 'default' | 'none'
  readonly key: string
  readonly name: string
  readonly position?: SourcePosition
}

export interface RuleDecision {
  /** null: no rule fits. */
  readonly action: string | null
  readonly source: RuleSource | null
  /** The happy path of a loop. */
  readonly isNoUser: boolean
  readonly isEndToEnd: boolean
  /** The loop goes on after a detour and must not take the message for an answer. */
  readonly isReturning: boolean
}

const DEFAULTS: Readonly<Record<string, string>> = {
  restart: 'action_restart',
  back: 'action_back',
  session_start: 'action_session_start',
}

/** Sources that stand for what Rasa does without a rule. */
export function defaultSource(intent: string): RuleSource {
  return { kind: 'default', key: `default:${intent}`, name: `what the intent '${intent}' always does` }
}

export function loopSource(loop: string, isListen: boolean): RuleSource {
  return isListen
    ? { kind: 'loop', key: `loop:${loop}:listen`, name: `listening after the loop '${loop}'` }
    : { kind: 'loop', key: `loop:${loop}`, name: `running the loop '${loop}'` }
}

export const DEFAULT_SOURCES: readonly string[] = Object.keys(DEFAULTS).map(name => defaultSource(name).key)

/** The decision for a conversation. */
export function decideByRules(conversation: Conversation, books: RuleBooks): RuleDecision {
  const isAfterListen = conversation.latestActionName === ACTION_LISTEN
  const byText = isAfterListen ? findRule(conversation, books, true) : NOTHING_FOUND
  const byDefault = isAfterListen && byText.action === null ? defaultAction(conversation) : null
  if (byDefault !== null) return byDefault
  const byLoop = loopHappyPath(conversation)
  if (byLoop !== null) return (isAfterListen ? triggered(conversation, books) : null) ?? byLoop
  if (byText.action !== null) return { ...byText, isNoUser: false, isEndToEnd: true }
  const byIntent = findRule(conversation, books, false)
  return {
    ...byIntent,
    isReturning: byText.isReturning || byIntent.isReturning,
    isNoUser: false,
    isEndToEnd: false,
  }
}

/** States that a rule's conversation has before the rule: its beginning, and "whatever happened". */
const BEFORE_RULE = 2

type Found = Pick<RuleDecision, 'action' | 'source' | 'isReturning'>
const NOTHING_FOUND: Found = { action: null, source: null, isReturning: false }

/** restart, back and session_start overrule every rule but one that waits for just these words. */
function defaultAction({ latestMessage }: Conversation): RuleDecision | null {
  const intent = latestMessage?.parse_data.intent.name ?? ''
  const action = Object.hasOwn(DEFAULTS, intent) ? DEFAULTS[intent] : undefined
  if (action === undefined) return null
  return { action, source: defaultSource(intent), isNoUser: false, isEndToEnd: false, isReturning: false }
}

/** What a rule does with the message while a form waits, in Rasa 1; what is not understood is the form's all the same. */
function triggered(conversation: Conversation, books: RuleBooks): RuleDecision | null {
  const intent = conversation.latestMessage?.parse_data.intent.name
  if (books.hasLegacyForms !== true || intent === 'nlu_fallback') return null
  const found = findRule(conversation, books, false)
  if (found.action === null || found.source?.kind !== 'rule' || found.action === ACTION_LISTEN) return null
  return { ...found, isNoUser: true, isEndToEnd: false }
}

/** A loop that was not rejected runs, then listens. */
function loopHappyPath(conversation: Conversation): RuleDecision | null {
  const loop = activeLoopName(conversation)
  if (loop === null || conversation.activeLoop?.rejected === true || conversation.latestActionName === null)
    return null
  const isDone = conversation.latestActionName === loop
  return {
    action: isDone ? ACTION_LISTEN : loop,
    source: loopSource(loop, isDone),
    isNoUser: true,
    isEndToEnd: false,
    isReturning: false,
  }
}

function findRule(conversation: Conversation, { rules, detours }: RuleBooks, useText: boolean): Found {
  const all = conversation.states()
  const maxHistory = Math.max(rules.longest, detours.longest) + BEFORE_RULE
  const states = predictionStates(all, { useText, maxHistory })
  const rule = rules.best(states)
  const found: Found =
    rule === null
      ? { action: null, source: sourceOfNothing(states, states.length === all.length), isReturning: false }
      : {
          action: rule.outcome,
          source: { kind: 'rule', key: rule.key, name: rule.name, position: rule.position },
          isReturning: false,
        }
  const loop = activeLoopName(conversation)
  if (loop === null) return found
  const outcomes = new Set(detours.matching(states).map(({ outcome }) => outcome))
  const isReturning = outcomes.has('loop_was_interrupted')
  // A general rule does not say that the loop goes on after it: unless a story shows something else, it does.
  if (found.action === ACTION_LISTEN && loopOfState(rule?.states.at(-1)) === null)
    return outcomes.has('do_not_predict_loop_action')
      ? { ...found, action: null, isReturning }
      : { ...found, action: loop }
  return { ...found, isReturning }
}

/**
 * Where no rule fits, the conversation itself is the source. Training meets such sources in rules alone, so a conversation
 * that is longer than those needs no name.
 */
function sourceOfNothing(states: readonly State[], isWhole: boolean): RuleSource {
  const kept = isWhole ? statesOfRule(states) : null
  return { kind: 'none', key: kept === null ? '' : ruleKey(kept), name: 'the fallback' }
}
