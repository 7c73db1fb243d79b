// The options of the learned policies: Rasa's names and defaults, which of them mean something here, and which do not.

import type { SequenceShape, SequenceTraining } from '@tabula/ml'
import type { JsonObject, JsonValue, Problem } from '@tabula/protocol'
import { checkOptionTypes, numberOption } from '../options.ts'

/** Options that both policies have and that mean something. */
const USED: JsonObject = {
  priority: 1,
  max_history: null,
  featurizer: null,
  epochs: 1,
  batch_size: [64, 256],
  learning_rate: 0.001,
  random_seed: null,
  dense_dimension: { text: 128, action_text: 128, label_action_text: 128, intent: 20, action_name: 20 },
  encoding_dimension: 50,
  transformer_size: { text: 128, action_text: 128, label_action_text: 128, dialogue: 128 },
  num_heads: 4,
  embedding_dimension: 20,
  num_neg: 20,
  scale_loss: true,
  constrain_similarities: false,
  regularization_constant: 0.001,
  drop_rate_dialogue: 0.1,
  connection_density: 0.2,
  ranking_length: 0,
}

/** Options that change how TED's own network is built, trained or watched, and have no part in this one. */
const IGNORED: JsonObject = {
  hidden_layers_sizes: { text: [], action_text: [], label_action_text: [] },
  concat_dimension: { text: 128, action_text: 128, label_action_text: 128 },
  number_of_transformer_layers: { text: 1, action_text: 1, label_action_text: 1, dialogue: 1 },
  use_key_relative_attention: false,
  use_value_relative_attention: false,
  max_relative_position: 5,
  unidirectional_encoder: false,
  batch_strategy: 'balanced',
  similarity_type: 'auto',
  loss_type: 'cross_entropy',
  maximum_positive_similarity: 0.8,
  maximum_negative_similarity: -0.2,
  use_maximum_negative_similarity: true,
  negative_margin_scale: 0.8,
  drop_rate: 0,
  drop_rate_label: 0,
  drop_rate_attention: 0,
  use_sparse_input_dropout: true,
  use_dense_input_dropout: true,
  use_masked_language_model: false,
  evaluate_every_number_of_epochs: 20,
  evaluate_on_number_of_examples: 0,
  tensorboard_log_directory: null,
  tensorboard_log_level: 'epoch',
  checkpoint_model: false,
  featurizers: [],
  entity_recognition: true,
  model_confidence: 'softmax',
  BILOU_flag: true,
  split_entities_by_comma: true,
  use_gpu: true,
}

/** The defaults of a learned policy: the common ones, with its own laid over them. */
export function learnedDefaults(own: JsonObject): JsonObject {
  return { ...USED, ...IGNORED, ...own }
}

/** Complaints about values, and one warning that names all options that are set and change nothing. */
export function checkLearned(name: string, defaults: JsonObject, options: JsonObject): Problem[] {
  const ignored = Object.keys(IGNORED).filter(
    key => JSON.stringify(options[key]) !== JSON.stringify(defaults[key]),
  )
  return [
    ...checkOptionTypes(options, {
      numbers: [
        'priority max_history epochs learning_rate random_seed encoding_dimension num_heads embedding_dimension',
        'num_neg regularization_constant drop_rate_dialogue connection_density ranking_length',
      ].flatMap(line => line.split(' ')),
      flags: ['scale_loss', 'constrain_similarities'],
    }),
    ...(ignored.length === 0
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'policy.ignored-options',
            message: `'${name}' learns with a network of its own, in which ${ignored.join(', ')} ${ignored.length === 1 ? 'changes' : 'change'} nothing.`,
          },
        ]),
  ]
}

/** How a network is trained under these options. */
export function trainingOf(options: JsonObject): SequenceTraining {
  const sizes = options['batch_size']
  const [first, last] = Array.isArray(sizes) ? (sizes as readonly JsonValue[]) : [sizes, sizes]
  const size = (value: JsonValue | undefined, fallback: number): number =>
    typeof value === 'number' && value >= 1 ? value : fallback
  return {
    epochs: Math.max(1, numberOption(options, 'epochs', 1)),
    batchSizes: [size(first, 64), size(last, 256)],
    learningRate: numberOption(options, 'learning_rate', 0.001),
    dropRate: numberOption(options, 'drop_rate_dialogue', 0.1),
    negatives: Math.max(1, numberOption(options, 'num_neg', 20)),
    isConstrained: options['constrain_similarities'] === true,
    isScaled: options['scale_loss'] !== false,
  }
}

/** The network's sizes under these options, but for fields and labels. */
export function sizesOf(options: JsonObject): Omit<SequenceShape, 'fields' | 'labels'> {
  const heads = Math.max(1, numberOption(options, 'num_heads', 4))
  const wanted = sizeFor(options['transformer_size'], 'dialogue', 128)
  // Each head's part has a multiple of 4 numbers.
  const step = 4 * heads
  const units = Math.max(step, Math.round(wanted / step) * step)
  return {
    units,
    heads,
    hidden: 2 * units,
    embedding: numberOption(options, 'embedding_dimension', 20),
    encodedLabel: encodedUnits(options),
    density: numberOption(options, 'connection_density', 0.2),
    penalty: numberOption(options, 'regularization_constant', 0.001),
  }
}

export function encodedUnits(options: JsonObject): number {
  return numberOption(options, 'encoding_dimension', 50)
}

export function fieldUnits(options: JsonObject): number {
  return sizeFor(options['dense_dimension'], 'intent', 20)
}

/** A size that is given for all kinds of features, or by kind. */
function sizeFor(given: JsonValue | undefined, kind: string, fallback: number): number {
  if (typeof given === 'number') return given
  const own = typeof given === 'object' && given !== null ? (given as JsonObject)[kind] : undefined
  return typeof own === 'number' ? own : fallback
}
