// TEDPolicy: predicts what stories would do, also where no story fits exactly. The learner is Tabula's own; it has TED's
// features and the form of its network (Vlasov, Mosig and Nichol: Dialogue Transformers, 2019).

import { type SavedPart, softmaxInPlace } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import type { State } from '../tracker/state.ts'
import type { Tracker } from '../tracker/tracker.ts'
import { latestSeen, predictionStates, trainingSteps } from './featurized-states.ts'
import { DialogueNetwork, hasLearned, NOTHING_LEARNED } from './learned/dialogue-network.ts'
import { checkLearned, learnedDefaults } from './learned/network-options.ts'
import { maxHistory, numberOption } from './options.ts'
import type { Policy, PolicyPrediction } from './policy.ts'
import type { PolicyContext, PolicyTraining, PolicyType } from './policy-type.ts'
import { indexOfMax, noProbabilities, predictionOf } from './prediction.ts'

const NAME = 'TEDPolicy'
const DEFAULTS = learnedDefaults({ e2e_confidence_threshold: 0.5, renormalize_confidences: false })

export const tedPolicy: PolicyType = {
  name: NAME,
  isLearned: true,
  defaults: DEFAULTS,
  check: options => checkLearned(NAME, DEFAULTS, options),
  train,
  load: (saved, options, context) => new TedPolicy(saved, options, context),
}

async function train(training: PolicyTraining): Promise<SavedPart> {
  const { domain, options, trackers } = training
  const stories = trackers.filter(({ isRule }) => !isRule)
  const steps = trainingSteps(stories, { maxHistory: maxHistory(options), ignoreUnlikelyIntent: true })
  const examples = steps.flatMap(({ states, action }) => {
    const label = domain.actionIndex(action)
    return label === undefined ? [] : [{ states, label }]
  })
  if (!examples.some(({ states }) => states.some(({ user }) => user !== undefined))) return NOTHING_LEARNED
  return (await DialogueNetwork.train(examples, domain.actions.length, training)).save()
}

class TedPolicy implements Policy {
  readonly name = NAME
  readonly priority: number
  readonly #saved: SavedPart
  readonly #options: JsonObject
  readonly #context: PolicyContext
  readonly #network: DialogueNetwork | null
  /** By the similarities, which the network gives again for the same walk of states. */
  readonly #confidences = new WeakMap<Float32Array, readonly number[]>()

  constructor(saved: SavedPart, options: JsonObject, context: PolicyContext) {
    this.priority = numberOption(options, 'priority', 1)
    this.#saved = saved
    this.#options = options
    this.#context = context
    this.#network = hasLearned(saved) ? DialogueNetwork.load(saved, context.domain) : null
  }

  predict(tracker: Tracker): PolicyPrediction {
    const { domain, storyView } = this.#context
    const network = this.#network
    if (network === null) return predictionOf(this, noProbabilities(domain), domain, undefined)
    const states = latestSeen(tracker.states(storyView), network.longest)
    const byIntent = this.#similarities(network, states, false)
    const byText = this.#textSimilarities(network, states, tracker)
    const isEndToEnd = byText !== null && this.#prefersText(byIntent, byText)
    const probabilities = this.#probabilities(isEndToEnd ? byText : byIntent)
    return predictionOf(this, probabilities, domain, { kind: 'score' }, { isEndToEnd })
  }

  save(): SavedPart {
    return this.#saved
  }

  #similarities(network: DialogueNetwork, states: readonly State[], useText: boolean): Float32Array {
    return network.similarities(predictionStates(states, { useText, maxHistory: maxHistory(this.#options) }))
  }

  /** The latest message judged by its words; null where the bot has not just listened, or stories have no words. */
  #textSimilarities(
    network: DialogueNetwork,
    states: readonly State[],
    tracker: Tracker,
  ): Float32Array | null {
    const last = states.at(-1)
    const hasText = last?.prev_action?.action_name === 'action_listen' && last.user?.text !== undefined
    if (!network.encoder.knowsTexts || !hasText || tracker.latestMessage === null) return null
    return this.#similarities(network, states, true)
  }

  /** As in Rasa: words decide where they are sure enough, and nearer to their action than the intent to its own. */
  #prefersText(byIntent: Float32Array, byText: Float32Array): boolean {
    const confidences = byText.slice()
    softmaxInPlace(confidences)
    return (
      (confidences[indexOfMax(confidences)] ?? 0) >
        numberOption(this.#options, 'e2e_confidence_threshold', 0.5) &&
      (byText[indexOfMax(byText)] ?? 0) > (byIntent[indexOfMax(byIntent)] ?? 0)
    )
  }

  /** A copy of what such similarities came to before: the ensemble sets what is rejected to zero. */
  #probabilities(similarities: Float32Array): number[] {
    const known = this.#confidences.get(similarities) ?? this.#confidencesOf(similarities)
    this.#confidences.set(similarities, known)
    return known.slice()
  }

  /** All confidences, or those of the best `ranking_length` actions alone. */
  #confidencesOf(similarities: Float32Array): readonly number[] {
    const scores = Float64Array.from(similarities)
    softmaxInPlace(scores)
    const confidences = [...scores]
    const length = numberOption(this.#options, 'ranking_length', 0)
    if (length <= 0 || length >= confidences.length) return confidences
    const least = confidences.toSorted((a, b) => b - a)[length - 1] ?? 0
    const kept = confidences.map(confidence => (confidence < least ? 0 : confidence))
    if (this.#options['renormalize_confidences'] !== true) return kept
    const sum = kept.reduce((total, confidence) => total + confidence, 0)
    return kept.map(confidence => confidence / sum)
  }
}
