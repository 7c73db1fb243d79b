// UnexpecTEDIntentPolicy: says action_unlikely_intent where no story has the understood intent in such a conversation.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import { statesText } from '../stories/state-text.ts'
import type { State } from '../tracker/state.ts'
import type { Tracker } from '../tracker/tracker.ts'
import { latestSeen, trainingSteps, withoutTextOfIntent } from './featurized-states.ts'
import {
  DialogueNetwork,
  hasLearned,
  type NetworkExample,
  NOTHING_LEARNED,
} from './learned/dialogue-network.ts'
import { intentThresholds, TOLERANCE_STEPS } from './learned/intent-thresholds.ts'
import { checkLearned, learnedDefaults } from './learned/network-options.ts'
import { maxHistory, numberOption } from './options.ts'
import type { Policy, PolicyPrediction } from './policy.ts'
import type { PolicyContext, PolicyTraining, PolicyType } from './policy-type.ts'
import { indexOfMax, noProbabilities, predictionOf } from './prediction.ts'

const NAME = 'UnexpecTEDIntentPolicy'
const UNLIKELY_INTENT = 'action_unlikely_intent'
const DEFAULTS = learnedDefaults({
  priority: 2,
  ranking_length: 10,
  entity_recognition: false,
  BILOU_flag: false,
  similarity_type: 'inner',
  tolerance: 0,
  ignore_intents_list: [],
})

export const unexpectedIntentPolicy: PolicyType = {
  name: NAME,
  isLearned: true,
  defaults: DEFAULTS,
  check: options => [...checkLearned(NAME, DEFAULTS, options), ...checkTolerance(options)],
  train,
  load: (saved, options, context) => new UnexpectedIntentPolicy(saved, options, context),
}

function checkTolerance({ tolerance }: JsonObject): ReturnType<PolicyType['check']> {
  if (typeof tolerance === 'number' && tolerance >= 0 && tolerance <= 1) return []
  return [
    {
      severity: 'error',
      code: 'config.option-type',
      message: `The option 'tolerance' is ${JSON.stringify(tolerance)}.`,
      hint: 'Write a number from 0 to 1.',
    },
  ]
}

/** What is kept beside the network: by intent's number, a threshold for each step of tolerance. */
interface Thresholds {
  readonly thresholds: Readonly<Record<string, readonly number[]>>
}

/** Which intents stories have after which states, and from which similarity on an intent counts as likely. */
async function train(training: PolicyTraining): Promise<SavedPart> {
  const { domain, options, trackers } = training
  const history = maxHistory(options)
  const steps = trainingSteps(
    trackers.filter(({ isRule }) => !isRule),
    { maxHistory: history === null ? null : history + 1, ignoreUnlikelyIntent: true },
  )
  const intents = [...domain.intents.keys()]
  const examples = new Map<string, NetworkExample>()
  const right = new Map<string, Set<number>>()
  for (const { states } of steps) {
    const label = intents.indexOf(messageIntent(states) ?? '')
    if (label === -1) continue
    const before = states.slice(0, -1)
    const text = statesText(before)
    right.set(text, (right.get(text) ?? new Set()).add(label))
    examples.set(`${label} ${text}`, { states: before, label })
  }
  const list = [...examples.values()].filter(({ states }) => states.length > 0)
  if (list.length === 0) return NOTHING_LEARNED
  const alsoRight = list.map(({ states }) => right.get(statesText(states)) ?? new Set<number>())
  const network = await DialogueNetwork.train(list, intents.length, training, alsoRight)
  const thresholds = intentThresholds(
    list.map(({ states }, index) => ({
      similarities: network.similarities(states),
      right: alsoRight[index] ?? new Set<number>(),
    })),
  )
  const { header, tensors } = network.save()
  return { header: { ...header, thresholds: { thresholds: Object.fromEntries(thresholds) } }, tensors }
}

/** The intent of a message that the bot has just heard, null where the last state is another. */
function messageIntent(states: readonly State[]): string | null {
  const last = states.at(-1)
  return last?.prev_action?.action_name === ACTION_LISTEN ? (last.user?.intent ?? null) : null
}

class UnexpectedIntentPolicy implements Policy {
  readonly name = NAME
  readonly priority: number
  readonly #saved: SavedPart
  readonly #options: JsonObject
  readonly #context: PolicyContext
  readonly #intents: readonly string[]
  readonly #network: DialogueNetwork | null
  readonly #thresholds: ReadonlyMap<number, number>
  /** What is said beside an action, by the similarities that the network gives again for the same walk, and by intent. */
  readonly #described = new WeakMap<Float32Array, Map<string, JsonObject>>()

  constructor(saved: SavedPart, options: JsonObject, context: PolicyContext) {
    this.priority = numberOption(options, 'priority', 2)
    this.#saved = saved
    this.#options = options
    this.#context = context
    this.#intents = [...context.domain.intents.keys()]
    this.#network = hasLearned(saved) ? DialogueNetwork.load(saved, context.domain) : null
    const { thresholds = {} } = (saved.header['thresholds'] ?? {}) as Partial<Thresholds>
    const step = Math.min(
      Math.floor(numberOption(options, 'tolerance', 0) * TOLERANCE_STEPS),
      TOLERANCE_STEPS - 1,
    )
    this.#thresholds = new Map(
      Object.entries(thresholds).map(([intent, steps]) => [Number(intent), steps[step] ?? -Infinity]),
    )
  }

  predict(tracker: Tracker): PolicyPrediction {
    const { domain } = this.#context
    const probabilities = noProbabilities(domain)
    const intent = this.#network === null ? null : askedIntent(tracker, domain)
    if (this.#network === null || intent === null) return predictionOf(this, probabilities, domain, undefined)
    const similarities = this.#network.similarities(this.#statesBefore(tracker, this.#network.longest))
    const index = domain.actionIndex(UNLIKELY_INTENT)
    if (index !== undefined && this.#isUnlikely(intent, similarities)) probabilities[index] = 1
    return predictionOf(
      this,
      probabilities,
      domain,
      { kind: 'score' },
      { actionMetadata: this.#metadata(intent, similarities) },
    )
  }

  save(): SavedPart {
    return this.#saved
  }

  /** The conversation before the message, as far as it counts: what the message is judged by. */
  #statesBefore(tracker: Tracker, longest: number): readonly State[] {
    const most = Math.min(maxHistory(this.#options) ?? Infinity, longest)
    const seen = latestSeen(tracker.states(this.#context.storyView), most + 1)
    return seen.slice(0, -1).map(withoutTextOfIntent)
  }

  /** An intent that no story has is never unlikely, nor one that is to be ignored, nor the likeliest of all. */
  #isUnlikely(intent: string, similarities: Float32Array): boolean {
    const number = this.#intents.indexOf(intent)
    const threshold = this.#thresholds.get(number)
    const ignored = this.#options['ignore_intents_list']
    if (threshold === undefined || (Array.isArray(ignored) && ignored.includes(intent))) return false
    return (similarities[number] ?? 0) < threshold && indexOfMax(similarities) !== number
  }

  #metadata(intent: string, similarities: Float32Array): JsonObject {
    const byIntent = this.#described.get(similarities) ?? new Map<string, JsonObject>()
    this.#described.set(similarities, byIntent)
    const known = byIntent.get(intent) ?? this.#describe(intent, similarities)
    byIntent.set(intent, known)
    return known
  }

  #describe(intent: string, similarities: Float32Array): JsonObject {
    const describe = (number: number): JsonObject => {
      const score = similarities[number] ?? 0
      const threshold = this.#thresholds.get(number) ?? 0
      // As in Rasa, a threshold of exactly zero counts as none.
      return {
        name: this.#intents[number] ?? '',
        score,
        threshold: threshold === 0 ? null : threshold,
        severity: threshold === 0 ? null : threshold - score,
      }
    }
    const length = numberOption(this.#options, 'ranking_length', 10)
    const ranked = [...similarities.keys()].sort((a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0))
    const ranking: readonly JsonValue[] = (length > 0 ? ranked.slice(0, length) : ranked).map(describe)
    return { query_intent: describe(this.#intents.indexOf(intent)), ranking }
  }
}

/** The intent of the latest message, null where something was done since, or the domain does not have it. */
function askedIntent(tracker: Tracker, domain: Domain): string | null {
  const last = tracker.appliedEvents().findLast(({ event }) => event === 'action' || event === 'user')
  if (last?.event !== 'user') return null
  const name = last.parse_data.intent.name ?? null
  return name !== null && domain.intents.has(name) ? name : null
}
