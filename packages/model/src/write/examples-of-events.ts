// What a conversation teaches of understanding: its messages as examples, with their intents and entities.

import type { NluExample } from '@tabula/nlu'
import type { Entity, TrackerEvent, UserUttered } from '@tabula/protocol'

/** Extractors that are not trained on examples: what they find is not written into them, as in Rasa. */
const UNTRAINED = /Duckling|Spacy|RegexEntityExtractor/

/** The messages in words (not `/intent`), once each; offsets of the events count code points. */
export function examplesOfEvents(events: readonly TrackerEvent[]): NluExample[] {
  const examples = new Map<string, NluExample>()
  for (const event of events) {
    if (event.event !== 'user') continue
    const example = exampleOf(event)
    if (example !== null) examples.set(example.text, example)
  }
  return [...examples.values()]
}

function exampleOf({ text, parse_data: data }: UserUttered): NluExample | null {
  const label = data.intent.full_retrieval_intent_name ?? data.intent.name ?? null
  if (text === null || text.trim() === '' || text.startsWith('/') || label === null) return null
  if (label === 'nlu_fallback') return null
  const [intent = ''] = label.split('/')
  const unitOf = unitOffsets(text)
  const entities = data.entities.filter(isTrained).flatMap(({ entity, value, role, group, start, end }) =>
    start === undefined || end === undefined
      ? []
      : [
          {
            entity,
            value: typeof value === 'string' ? value : JSON.stringify(value),
            start: unitOf(start),
            end: unitOf(end),
            ...(typeof role === 'string' ? { role } : {}),
            ...(typeof group === 'string' ? { group } : {}),
          },
        ],
  )
  return { text, intent, ...(label === intent ? {} : { intentResponseKey: label }), entities }
}

function isTrained({ extractor }: Entity): boolean {
  return extractor === undefined || !UNTRAINED.test(extractor)
}

/** UTF-16 offsets of a text's code points. */
function unitOffsets(text: string): (point: number) => number {
  const offsets: number[] = []
  let offset = 0
  for (const point of text) {
    offsets.push(offset)
    offset += point.length
  }
  return point => offsets[point] ?? text.length
}
