// RulePolicy: does what rules say, runs loops, and falls back where nothing else is sure.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject, Problem, TrackerEvent } from '@tabula/protocol'
import { closestName, ProjectError } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { Tracker } from '../tracker/tracker.ts'
import { analyzeRules } from './analyze-rules.ts'
import { checkIncompleteRules, checkRuleRestriction } from './check-rules.ts'
import { learnRules, writtenTrackers } from './learn-rules.ts'
import { checkOptionTypes, numberOption } from './options.ts'
import type { Policy, PolicyPrediction, PolicyReason } from './policy.ts'
import type { PolicyContext, PolicyTraining, PolicyType } from './policy-type.ts'
import { noProbabilities, predictionOf, scoreOf } from './prediction.ts'
import { type Rule, RuleBook, ruleKey } from './rule-book.ts'
import { decideByRules, type LoopOutcome, type RuleDecision } from './rule-prediction.ts'

export const RULE_POLICY = 'RulePolicy'

const DEFAULTS: JsonObject = {
  priority: 4,
  core_fallback_threshold: 0.3,
  core_fallback_action_name: 'action_default_fallback',
  enable_fallback_prediction: true,
  restrict_rules: true,
  check_for_contradictions: true,
  use_nlu_confidence_as_score: false,
  legacy_forms: false,
  max_history: null,
  featurizer: null,
}

/** What is saved of the policy beside its rules. */
interface RuleHeader {
  readonly rules: readonly Omit<Rule, 'key'>[]
  readonly detours: readonly Omit<Rule<LoopOutcome>, 'key'>[]
  readonly notInStories: readonly string[]
  readonly ruleOnlySlots: readonly string[]
  readonly ruleOnlyLoops: readonly string[]
}

export const rulePolicy: PolicyType = {
  name: RULE_POLICY,
  defaults: DEFAULTS,
  check: options =>
    checkOptionTypes(options, {
      numbers: ['priority', 'core_fallback_threshold'],
      flags: [
        'enable_fallback_prediction',
        'restrict_rules',
        'check_for_contradictions',
        'use_nlu_confidence_as_score',
        'legacy_forms',
      ],
    }),
  train: trainRules,
  load: (saved, options, { domain }) => new RulePolicy(saved, options, domain),
}

/** Slots and loops that only rules talk about, from RulePolicy's saved part. */
export function ruleOnlyOf({ header }: SavedPart): PolicyContext['storyView']['ruleOnly'] {
  const { ruleOnlySlots, ruleOnlyLoops } = header as unknown as RuleHeader
  return { slots: new Set(ruleOnlySlots), loops: new Set(ruleOnlyLoops) }
}

function trainRules({ options, config, domain, trackers }: PolicyTraining): SavedPart {
  const { ruleTrackers, storyTrackers } = writtenTrackers(trackers)
  const isChecked = options['check_for_contradictions'] !== false
  const problems: Problem[] = [
    ...unknownFallback(options, domain).map(problem =>
      config.position === undefined ? problem : { ...problem, position: config.position },
    ),
    ...(options['restrict_rules'] === false ? [] : checkRuleRestriction(ruleTrackers)),
    ...(isChecked ? checkIncompleteRules(ruleTrackers, domain) : []),
  ]
  if (problems.length > 0) throw new ProjectError(problems)
  const learned = learnRules(ruleTrackers, storyTrackers)
  const analysis = isChecked
    ? analyzeRules(ruleTrackers, [...storyTrackers, ...ruleTrackers], {
        ...learned,
        domain,
        fallback: fallbackOf(options) ?? ACTION_LISTEN,
      })
    : null
  if (analysis !== null && analysis.problems.length > 0) throw new ProjectError(analysis.problems)
  const header: RuleHeader = {
    rules: learned.rules.rules.map(withoutKey),
    detours: learned.detours.rules.map(withoutKey),
    notInStories: [...(analysis?.notInStories ?? [])],
    ruleOnlySlots: isChecked ? learned.ruleOnlySlots : [],
    ruleOnlyLoops: isChecked ? learned.ruleOnlyLoops : [],
  }
  return { header: { ...header }, tensors: {} }
}

function withoutKey<Outcome extends string>({
  key: _key,
  ...rule
}: Rule<Outcome>): Omit<Rule<Outcome>, 'key'> {
  return rule
}

function withKey<Outcome extends string>(rule: Omit<Rule<Outcome>, 'key'>): Rule<Outcome> {
  return { ...rule, key: ruleKey(rule.states) }
}

function fallbackOf(options: JsonObject): string | null {
  const name = options['core_fallback_action_name']
  return options['enable_fallback_prediction'] !== false && typeof name === 'string' && name !== ''
    ? name
    : null
}

function unknownFallback(options: JsonObject, domain: Domain): Problem[] {
  const name = options['core_fallback_action_name']
  if (typeof name !== 'string' || name === '' || domain.actionIndex(name) !== undefined) return []
  const near = closestName(name, domain.actions)
  return [
    {
      severity: 'error',
      code: 'policy.fallback-action',
      message: `The fallback action '${name}' of RulePolicy is not in the domain.`,
      hint: near === null ? 'Add it under `actions:` or `responses:`.' : `Did you mean '${near}'?`,
    },
  ]
}

class RulePolicy implements Policy {
  readonly name = RULE_POLICY
  readonly priority: number
  readonly #options: JsonObject
  readonly #domain: Domain
  readonly #saved: SavedPart
  readonly #rules: RuleBook
  readonly #detours: RuleBook<LoopOutcome>
  readonly #notInStories: ReadonlySet<string>

  constructor(saved: SavedPart, options: JsonObject, domain: Domain) {
    const header = saved.header as unknown as RuleHeader
    this.priority = numberOption(options, 'priority', 4)
    this.#options = options
    this.#domain = domain
    this.#saved = saved
    this.#rules = new RuleBook(header.rules.map(withKey))
    this.#detours = new RuleBook(header.detours.map(withKey))
    this.#notInStories = new Set(header.notInStories)
  }

  predict(tracker: Tracker): PolicyPrediction {
    const decision = decideByRules(tracker, {
      rules: this.#rules,
      detours: this.#detours,
      hasLegacyForms: this.#options['legacy_forms'] === true,
    })
    // The fallback's probability stands beside a rule's: it is what remains when the rule's action is rejected.
    const probabilities = noProbabilities(this.#domain)
    const fallback = fallbackOf(this.#options)
    const threshold = numberOption(this.#options, 'core_fallback_threshold', 0.3)
    if (fallback !== null) probabilities[this.#domain.actionIndex(fallback) ?? 0] = threshold
    const index = decision.action === null ? undefined : this.#domain.actionIndex(decision.action)
    if (index !== undefined) probabilities[index] = scoreOf(tracker, this.#options)
    return predictionOf(this, probabilities, this.#domain, reasonOf(decision), {
      mandatoryEvents: decision.isReturning ? [LOOP_INTERRUPTED] : [],
      isEndToEnd: decision.isEndToEnd,
      isNoUser: decision.isNoUser,
      hideRuleTurn: decision.source !== null && this.#notInStories.has(decision.source.key),
    })
  }

  save(): SavedPart {
    return this.#saved
  }
}

const LOOP_INTERRUPTED: TrackerEvent = { event: 'loop_interrupted', is_interrupted: true }

function reasonOf({ action, source }: RuleDecision): PolicyReason['source'] {
  if (source === null || action === null) return { kind: 'fallback' }
  const { name, position } = source
  const kind = source.kind === 'loop' ? 'loop' : 'rule'
  return { kind, name, ...(position === undefined ? {} : { position }) }
}
