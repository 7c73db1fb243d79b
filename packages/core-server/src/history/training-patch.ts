// Labelled messages as a file of training data in Rasa's format 3.1, to be added to a project and looked through.

import { stringify } from 'yaml'
import type { LabelledEntity, MisunderstoodMessage } from './history-types.ts'

/** YAML with an entry an intent; messages that say the same are written once. */
export function trainingPatch(messages: readonly MisunderstoodMessage[]): string {
  const byIntent = new Map<string, Set<string>>()
  for (const { text, label } of messages) {
    if (label === null) continue
    const examples = byIntent.get(label.intent) ?? new Set<string>()
    examples.add(annotated(text, label.entities))
    byIntent.set(label.intent, examples)
  }
  const nlu = [...byIntent].map(([intent, examples]) => ({
    intent,
    examples: [...examples].map(example => `- ${example}\n`).join(''),
  }))
  return stringify({ version: '3.1', nlu }, { lineWidth: 0, blockQuote: 'literal' })
}

/** The text on one line with its entities in Rasa's marks: [words](name), or [words]{"entity": ...} where it says more. */
function annotated(text: string, entities: readonly LabelledEntity[]): string {
  // Offsets count code points, as in Rasa.
  const points = Array.from(text)
  let example = ''
  let end = 0
  const plain = (from: number, to?: number): string => withoutMarks(points.slice(from, to).join(''))
  for (const entity of [...entities].sort((left, right) => left.start - right.start)) {
    if (entity.start < end || entity.end > points.length || entity.end <= entity.start) continue
    example += plain(end, entity.start)
    example += `[${points.slice(entity.start, entity.end).join('')}]${mark(entity)}`
    end = entity.end
  }
  return (example + plain(end)).replaceAll(/\s+/g, ' ').trim()
}

/** What a visitor wrote like a mark of an entity is none: the two halves stand apart. */
function withoutMarks(text: string): string {
  return text.replaceAll(/\](?=[({[])/g, '] ')
}

function mark({ entity, value, role, group }: LabelledEntity): string {
  if (value === undefined && role === undefined && group === undefined) return `(${entity})`
  return JSON.stringify({ entity, value, role, group })
}
