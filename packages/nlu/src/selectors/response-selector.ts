// Chooses among the responses of retrieval intents (`faq/price`, `faq/hours`) by the nearest training examples.

import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { Component, ComponentType, TrainingMessage } from '../component.ts'
import type { NluTrainingData } from '../training-data.ts'
import { createNearestText } from './nearest-text.ts'

const NAME = 'ResponseSelector'

/** How sharply a nearer example wins: chosen so that an example's own text gets nearly all of the confidence. */
const SHARPNESS = 12

export const responseSelector: ComponentType = {
  name: NAME,
  kinds: ['selector'],
  requires: ['featurizer'],
  // Rasa trains a network here; the options that shape it are accepted and change nothing.
  defaults: {
    retrieval_intent: null,
    use_text_as_label: false,
    ranking_length: 10,
    renormalize_confidences: false,
    epochs: 300,
    random_seed: null,
    constrain_similarities: false,
    model_confidence: 'softmax',
    hidden_layers_sizes: { text: [256, 128], label: [256, 128] },
    share_hidden_layers: false,
    transformer_size: null,
    number_of_transformer_layers: 0,
    number_of_attention_heads: 4,
    use_key_relative_attention: false,
    use_value_relative_attention: false,
    max_relative_position: 5,
    unidirectional_encoder: false,
    batch_size: [64, 256],
    batch_strategy: 'balanced',
    learning_rate: 0.001,
    embedding_dimension: 20,
    dense_dimension: { text: 512, label: 512 },
    concat_dimension: { text: 512, label: 512 },
    number_of_negative_examples: 20,
    similarity_type: 'auto',
    loss_type: 'cross_entropy',
    maximum_positive_similarity: 0.8,
    maximum_negative_similarity: -0.4,
    use_maximum_negative_similarity: true,
    scale_loss: true,
    regularization_constant: 0.002,
    connection_density: 1,
    negative_margin_scale: 0.8,
    drop_rate: 0.2,
    drop_rate_attention: 0,
    use_sparse_input_dropout: false,
    use_dense_input_dropout: false,
    evaluate_every_number_of_epochs: 20,
    evaluate_on_number_of_examples: 0,
    use_masked_language_model: false,
    tensorboard_log_directory: null,
    tensorboard_log_level: 'epoch',
    featurizers: [],
    checkpoint_model: false,
    run_eagerly: false,
    weight_sparsity: null,
  },
  create: options => createSelector(options, null),
  load: ({ header }, options) =>
    createSelector(options, (header['learned'] as Learned | null | undefined) ?? null),
}

interface Learned {
  readonly retrievalIntents: readonly string[]
  readonly examples: readonly { readonly text: string; readonly key: string }[]
  /** Response key (`faq/price`) to its variations, in the order of the data. */
  readonly responses: readonly (readonly [string, readonly JsonObject[]])[]
}

function createSelector(options: JsonObject, loaded: Learned | null): Component {
  let learned = loaded
  let select = prepare(learned, options)
  return {
    train(messages, data) {
      learned = learn(messages, data, options)
      select = prepare(learned, options)
    },
    process(message) {
      const selected = select?.(message.text)
      if (selected !== undefined) message.responseSelector = { ...message.responseSelector, ...selected }
    },
    save: () => ({ header: { learned }, tensors: {} }),
  }
}

/** null where the data has no retrieval intent that this selector is for: it then adds nothing to a message. */
function learn(
  messages: readonly TrainingMessage[],
  data: NluTrainingData,
  options: JsonObject,
): Learned | null {
  const retrieval = messages.flatMap(({ example }) => {
    const { intent, intentResponseKey: key } = example
    return intent === undefined || key === undefined ? [] : [{ text: example.text, intent, key }]
  })
  const wanted = options['retrieval_intent']
  const examples = retrieval.filter(
    ({ intent }) => wanted === null || wanted === undefined || intent === wanted,
  )
  if (examples.length === 0) return null
  return {
    retrievalIntents: [...new Set(retrieval.map(({ intent }) => intent))],
    examples: examples.map(({ text, key }) => ({ text, key })),
    responses: [...data.responses].map(([action, variations]) => [action.replace(/^utter_/, ''), variations]),
  }
}

function prepare(learned: Learned | null, options: JsonObject): ((text: string) => JsonObject) | null {
  if (learned === null) return null
  const { examples } = learned
  const index = createNearestText(examples.map(({ text }) => text))
  const keys = [...new Set(examples.map(({ key }) => key))].sort()
  const responses = new Map(learned.responses)
  const length = typeof options['ranking_length'] === 'number' ? options['ranking_length'] : 10
  const selector = typeof options['retrieval_intent'] === 'string' ? options['retrieval_intent'] : 'default'
  return text => {
    const ranking = rank(keys, examples, index.similarities(text))
    const [top] = ranking
    const key = top?.intent_response_key ?? ''
    const known = responses.get(key)
    const response: JsonObject = {
      responses: known !== undefined && known.length > 0 ? known : [{ text: key }],
      confidence: top?.confidence ?? 0,
      intent_response_key: key,
      utter_action: `utter_${key}`,
    }
    const shown: JsonValue = length > 0 ? ranking.slice(0, length) : ranking
    return { all_retrieval_intents: learned.retrievalIntents, [selector]: { response, ranking: shown } }
  }
}

interface RankedKey extends JsonObject {
  readonly confidence: number
  readonly intent_response_key: string
}

/** Keys by the softmax of their best example, best first; ties stay in the order of names. */
function rank(
  keys: readonly string[],
  examples: Learned['examples'],
  similarities: Float64Array,
): RankedKey[] {
  const best = new Map<string, number>()
  examples.forEach(({ key }, example) => {
    best.set(key, Math.max(best.get(key) ?? 0, similarities[example] ?? 0))
  })
  const weights = keys.map(key => Math.exp(SHARPNESS * (best.get(key) ?? 0)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return keys
    .map((key, place) => ({ confidence: (weights[place] ?? 0) / sum, intent_response_key: key }))
    .sort((one, other) => other.confidence - one.confidence)
}
