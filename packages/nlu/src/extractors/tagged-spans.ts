// Joins tagged tokens into entities, by Rasa's rules for what stands between them.

import type { JsonValue } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Message } from '../message.ts'
import type { EntityLabel } from './entity-labels.ts'

export interface TaggedToken extends EntityLabel {
  readonly confidence: number
}

/** An entity over tokens, the first and the last of them included. */
export interface TaggedSpan {
  readonly entity: string
  readonly first: number
  readonly last: number
  /** Of its least sure token. */
  readonly confidence: number
}

/** Whether entities are split where a comma or more stands between their tokens, by entity name. */
export type SplitByComma = (entity: string) => boolean

/** Rasa's split_entities_by_comma: true, false, or a map of entity names. Throws CodedError for anything else. */
export function readSplitByComma(option: JsonValue | undefined): SplitByComma {
  if (option === undefined || option === null) return () => true
  if (typeof option === 'boolean') return () => option
  if (typeof option === 'object' && !Array.isArray(option))
    return entity => {
      const own = (option as Readonly<Record<string, JsonValue>>)[entity]
      return typeof own === 'boolean' ? own : true
    }
  throw new CodedError(
    'nlu.option',
    `split_entities_by_comma is ${JSON.stringify(option)}; it must be true, false, or a map of entity names to these.`,
    { status: 400 },
  )
}

/** The entities that the tags of a message's tokens make; null is a token outside of all. */
export function joinTokens(
  { text, tokens }: Message,
  tags: readonly (TaggedToken | null)[],
  splitByComma: SplitByComma,
): TaggedSpan[] {
  const spans: TaggedSpan[] = []
  tags.forEach((tag, index) => {
    if (tag === null) return
    const before = tags[index - 1] ?? null
    const last = spans.at(-1)
    const goesOn =
      last !== undefined &&
      before !== null &&
      before.entity === tag.entity &&
      tag.place !== 'B' &&
      tag.place !== 'U' &&
      isOne(text.slice(tokens[index - 1]?.end, tokens[index]?.start), splitByComma(tag.entity))
    if (!goesOn) spans.push({ entity: tag.entity, first: index, last: index, confidence: tag.confidence })
    else
      spans[spans.length - 1] = {
        ...last,
        last: index,
        confidence: Math.min(last.confidence, tag.confidence),
      }
  })
  return spans
}

/** Whether two tokens with this text between them are one entity: at most one character, or three without a split by comma. */
function isOne(between: string, isSplit: boolean): boolean {
  return between.length <= 1 || (between.length <= 3 && !isSplit)
}
