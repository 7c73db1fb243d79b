// What every NLU component is: options in, trained on messages, applied to one message, saved as a part and loaded again.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject, Problem, SourcePosition } from '@tabula/protocol'
import type { Message } from './message.ts'
import type { NluExample, NluTrainingData } from './training-data.ts'

export type ComponentKind =
  'model' | 'tokenizer' | 'featurizer' | 'classifier' | 'extractor' | 'selector' | 'mapper'

/** A component as config.yml names it; options are the entry's other keys, as written. */
export interface ComponentConfig {
  readonly name: string
  readonly options: JsonObject
  readonly position?: SourcePosition
}

/** A training example with all that the components before this one made of its text. */
export interface TrainingMessage extends Message {
  readonly example: NluExample
}

export interface ComponentContext {
  readonly language: string
  /** Place in the pipeline, from 0: part of a featurizer's origin. */
  readonly index: number
  /** Every random draw of a training comes from this seed. */
  readonly seed: number
  /** Called with a fraction from 0 to 1 while training. */
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
  /** Takes a complaint about the component's options or data that does not stop training. */
  readonly warn: (problem: Problem) => void
}

export interface Component {
  /** Learns from the examples; the pipeline then runs `process` over them for the components behind. */
  train?(
    messages: readonly TrainingMessage[],
    data: NluTrainingData,
    context: ComponentContext,
  ): void | Promise<void>
  process(message: Message): void | Promise<void>
  /** What `load` needs to make the same component in a new process; an empty part where nothing was learned. */
  save(): SavedPart
}

/** One Rasa name: how its options are checked, and how it is made. */
export interface ComponentType {
  /** Rasa's name, as in config.yml. */
  readonly name: string
  readonly kinds: readonly ComponentKind[]
  /** Kinds that must stand before it in the pipeline. */
  readonly requires: readonly ComponentKind[]
  /** Names and defaults of its options, as Rasa documents them. */
  readonly defaults: JsonObject
  /** Options hold every key of `defaults`, overlaid with the config's. Throws CodedError on a value that cannot work. */
  create(options: JsonObject, context: ComponentContext): Component
  load(saved: SavedPart, options: JsonObject, context: ComponentContext): Component
}
