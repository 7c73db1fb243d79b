// What a pipeline makes of labeled examples, beside what they are labeled with.

import type { NluExample, Pipeline } from '@tabula/nlu'
import { codePointOffsets } from '@tabula/nlu'
import type { Entity, IntentPrediction, JsonObject, ParseData } from '@tabula/protocol'

export interface IntentResult {
  readonly text: string
  readonly target: string
  readonly predicted: string
  readonly confidence: number
}

export interface EntityResult {
  readonly text: string
  readonly targets: readonly Entity[]
  readonly predicted: readonly Entity[]
  /** Start and end of each token, in code points. */
  readonly tokens: readonly (readonly [number, number])[]
}

export interface ExampleResults {
  readonly intents: readonly IntentResult[]
  /** Of retrieval intents: which response was picked. */
  readonly responses: readonly IntentResult[]
  readonly entities: readonly EntityResult[]
}

/** Entities of these are of types that nobody annotates: as in Rasa, they are no mistakes. */
const PRETRAINED = ['DucklingEntityExtractor', 'SpacyEntityExtractor']
const FALLBACK = 'nlu_fallback'

/**
 * Results of all examples, in their order; `onProgress` hears the share that is done. As in Rasa, intents and responses
 * are judged where there are two to tell apart, entities where any are annotated, and the fallback hides no mistake.
 */
export async function parseExamples(
  pipeline: Pipeline,
  examples: readonly NluExample[],
  onProgress: (fraction: number) => void = () => undefined,
): Promise<ExampleResults> {
  const intents: IntentResult[] = []
  const responses: IntentResult[] = []
  const entities: EntityResult[] = []
  const hasSeveral = (labels: readonly (string | undefined)[]): boolean =>
    new Set(labels.filter(label => label !== undefined)).size > 1
  const judgesIntents = hasSeveral(examples.map(({ intent }) => intent))
  const judgesResponses = hasSeveral(examples.map(({ intentResponseKey }) => intentResponseKey))
  const judgesEntities = examples.some(example => example.entities.length > 0)
  for (const [index, example] of examples.entries()) {
    const parsed = await pipeline.parse(example.text)
    const { intent, intentResponseKey, text } = example
    if (intent !== undefined && judgesIntents) {
      const { name, confidence } = withoutFallback(parsed)
      intents.push({ text, target: intent, predicted: name ?? '', confidence: confidence ?? 0 })
    }
    if (intentResponseKey !== undefined && judgesResponses)
      responses.push({ text, target: intentResponseKey, ...picked(parsed, intent ?? '') })
    if (judgesEntities)
      entities.push({
        text,
        targets: targetsOf(example),
        predicted: parsed.entities.filter(({ extractor }) => !PRETRAINED.includes(extractor ?? '')),
        tokens: parsed.text_tokens ?? [],
      })
    onProgress((index + 1) / examples.length)
  }
  return { intents, responses, entities }
}

/** The intent that the fallback stands before. */
function withoutFallback({ intent, intent_ranking: ranking }: ParseData): IntentPrediction {
  const found: IntentPrediction = { name: intent.name ?? null, confidence: intent.confidence ?? 0 }
  return found.name === FALLBACK ? (ranking?.[1] ?? found) : found
}

/** The response that the selector of the expected intent picked, or the one for all intents. */
function picked(
  { response_selector }: ParseData,
  intent: string,
): { readonly predicted: string; readonly confidence: number } {
  const selectors = response_selector ?? {}
  const own = selectors[intent] ?? selectors['default']
  const response = (own as { response?: JsonObject } | undefined)?.response
  const key = response?.['intent_response_key']
  const confidence = response?.['confidence']
  return {
    predicted: typeof key === 'string' ? key : '',
    confidence: typeof confidence === 'number' ? confidence : 0,
  }
}

function targetsOf({ text, entities }: NluExample): Entity[] {
  const pointOf = codePointOffsets(text)
  return entities.map(({ start, end, entity, value, role, group }) => ({
    start: pointOf(start),
    end: pointOf(end),
    value,
    entity,
    ...(role === undefined ? {} : { role }),
    ...(group === undefined ? {} : { group }),
  }))
}
