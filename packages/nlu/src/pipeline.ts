// A pipeline of NLU components: trained in order on a project's examples, applied to one message, saved and loaded again.

import type { SavedPart } from '@tabula/ml'
import type { Problem, SourcePosition } from '@tabula/protocol'
import { CodedError, ProjectError } from '@tabula/protocol'
import type { ParseData } from '@tabula/protocol'
import { checkPipeline } from './check-pipeline.ts'
import type {
  Component,
  ComponentConfig,
  ComponentContext,
  ComponentType,
  TrainingMessage,
} from './component.ts'
import { findComponent } from './components.ts'
import { createMessage } from './message.ts'
import { isRepeatable, ParseMemory } from './parse-memory.ts'
import { toParseData } from './parse-result.ts'
import { surroundings } from './surroundings.ts'
import { stripText } from './text.ts'
import type { NluTrainingData } from './training-data.ts'

export interface PipelineProgress {
  readonly component: string
  /** Place in the pipeline, from 0, and how many components there are. */
  readonly index: number
  readonly count: number
  /** Of this component's training, from 0 to 1. */
  readonly fraction: number
}

export interface TrainPipelineOptions {
  readonly language: string
  readonly seed: number
  readonly onProgress?: (progress: PipelineProgress) => void
  readonly signal?: AbortSignal
  readonly warn?: (problem: Problem) => void
  /** Parts of an earlier training by place: loaded as they are instead of being trained again. */
  readonly reuse?: readonly (SavedPart | undefined)[]
}

export interface SavedComponent {
  readonly name: string
  readonly part: SavedPart
}

/**
 * UTF-16 units of a message that are read; what stands behind them is not understood. A text of this length takes some
 * tens of milliseconds, and no more than 50 of them at one go.
 */
export const MESSAGE_LIMIT = 4000
const LONG = 400

/** The beginning of the text up to the limit, cut between words where it can be, and never within a character. */
function cutToLimit(text: string): string {
  if (text.length <= MESSAGE_LIMIT) return text
  const start = text.slice(0, MESSAGE_LIMIT)
  const space = start.search(/\s\S*$/u)
  if (space > MESSAGE_LIMIT / 2) return start.slice(0, space).trimEnd()
  return /[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start
}

function warnOfCut(): void {
  surroundings().warn({
    severity: 'warning',
    code: 'nlu.long-message',
    message: `A message is longer than the ${MESSAGE_LIMIT} characters that are understood; what stands behind them is not read.`,
  })
}

/** Trained components in their order. */
export class Pipeline {
  readonly #components: readonly { readonly name: string; readonly component: Component }[]
  readonly #memory: ParseMemory | null

  /** With a memory it does not work out again what it said of a text before. */
  constructor(
    components: readonly { readonly name: string; readonly component: Component }[],
    memory: ParseMemory | null = null,
  ) {
    this.#components = components
    this.#memory = memory
  }

  /** Rasa's parse result; offsets count code points of the text without the spaces at its ends. */
  parse(text: string): ParseData | Promise<ParseData> {
    const whole = stripText(text)
    return this.#memory?.recall(whole) ?? this.#parse(whole)
  }

  async #parse(whole: string): Promise<ParseData> {
    const read = cutToLimit(whole)
    if (read.length < whole.length) warnOfCut()
    const message = createMessage(read)
    for (const { component } of this.#components) {
      const done = component.process(message)
      if (done !== undefined) await done
      // Between the parts of a long message others have their turn.
      if (read.length > LONG) await new Promise(resolve => setImmediate(resolve))
    }
    const parsed = { ...toParseData(message), text: whole }
    this.#memory?.keep(whole, parsed)
    return parsed
  }

  /** What `loadPipeline` needs, in the pipeline's order. */
  save(): SavedComponent[] {
    return this.#components.map(({ name, component }) => ({ name, part: component.save() }))
  }
}

/**
 * Trains every component on what those before it made of the examples. Throws ProjectError where checkPipeline finds
 * errors or the data holds an expression that cannot run; rejects with the signal's reason when it is aborted.
 */
export async function trainPipeline(
  configs: readonly ComponentConfig[],
  data: NluTrainingData,
  options: TrainPipelineOptions,
): Promise<Pipeline> {
  const warn = options.warn ?? (() => undefined)
  const errors = checkPipeline(configs, options.language).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new ProjectError(errors)
  const messages: TrainingMessage[] = data.examples.map(example => ({
    ...createMessage(example.text),
    example,
  }))
  const trained: { name: string; component: Component }[] = []
  for (const [index, config] of configs.entries()) {
    options.signal?.throwIfAborted()
    const report = (fraction: number): void =>
      options.onProgress?.({ component: config.name, index, count: configs.length, fraction })
    const type = requireComponent(config)
    const context: ComponentContext = {
      language: options.language,
      index,
      seed: options.seed,
      onProgress: report,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      warn: problem => {
        warn(
          problem.position === undefined && config.position !== undefined
            ? { ...problem, position: config.position }
            : problem,
        )
      },
    }
    report(0)
    const component = await trainComponent(config, type, messages, data, context, options.reuse?.[index])
    if (index + 1 < configs.length && preparesOthers(type)) {
      for (const message of messages) await component.process(message)
    }
    report(1)
    trained.push({ name: config.name, component })
  }
  return new Pipeline(trained)
}

/** The pipeline that `Pipeline.save` gave, for the same configs. Throws CodedError where they do not belong together. */
export function loadPipeline(
  configs: readonly ComponentConfig[],
  saved: readonly SavedComponent[],
  { language }: { readonly language: string },
): Pipeline {
  const memory = isRepeatable(configs.map(({ name }) => name)) ? new ParseMemory() : null
  return new Pipeline(
    configs.map((config, index) => {
      const part = saved[index]
      if (part?.name !== config.name) {
        const found = part === undefined ? 'nothing' : `'${part.name}'`
        throw new CodedError(
          'model.pipeline',
          `The model holds ${found} where its pipeline has '${config.name}'.`,
        )
      }
      const type = requireComponent(config)
      const context: ComponentContext = { language, index, seed: 0, warn: () => undefined }
      return { name: config.name, component: type.load(part.part, mergeOptions(type, config), context) }
    }),
    memory,
  )
}

function requireComponent(config: ComponentConfig): ComponentType {
  const type = findComponent(config.name)
  if (type !== null) return type
  throw new CodedError('config.unknown-component', `There is no pipeline component '${config.name}'.`, {
    status: 400,
  })
}

function mergeOptions(type: ComponentType, config: ComponentConfig): ComponentConfig['options'] {
  return { ...type.defaults, ...config.options }
}

/** Later components train on tokens and features only, as in Rasa; intents and entities are not guessed for the examples. */
function preparesOthers({ kinds }: ComponentType): boolean {
  return kinds.some(kind => kind === 'model' || kind === 'tokenizer' || kind === 'featurizer')
}

async function trainComponent(
  config: ComponentConfig,
  type: ComponentType,
  messages: readonly TrainingMessage[],
  data: NluTrainingData,
  context: ComponentContext,
  reused: SavedPart | undefined,
): Promise<Component> {
  const options = mergeOptions(type, config)
  if (reused !== undefined) return type.load(reused, options, context)
  try {
    const component = type.create(options, context)
    await component.train?.(messages, data, context)
    return component
  } catch (error) {
    if (!(error instanceof CodedError) || error instanceof ProjectError) throw error
    const position = readPosition(error) ?? config.position
    const message = `'${config.name}' cannot be trained. ${error.message}`
    throw new ProjectError([
      { severity: 'error', code: error.code, message, ...(position === undefined ? {} : { position }) },
    ])
  }
}

function readPosition(error: CodedError): SourcePosition | undefined {
  return error.details['position'] as SourcePosition | undefined
}
