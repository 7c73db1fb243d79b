// An example's text with its entities in brackets, as NLU files have it.

import type { AnnotatedEntity, NluExample } from '@tabula/nlu'

/** `[words](city)`, or with JSON behind the words where there is more to say. Entities of other spans that overlap are left out. */
export function annotate({ text, entities }: Pick<NluExample, 'text' | 'entities'>): string {
  const bySpan = Map.groupBy(entities, ({ start, end }) => `${start}-${end}`)
  const spans = [...bySpan.values()].toSorted((a, b) => (a[0]?.start ?? 0) - (b[0]?.start ?? 0))
  let out = ''
  let position = 0
  for (const group of spans) {
    const { start = 0, end = 0 } = group[0] ?? {}
    if (start < position || end <= start) continue
    const words = text.slice(start, end)
    out += `${text.slice(position, start)}[${words}]${attributesOf(words, group)}`
    position = end
  }
  return out + text.slice(position)
}

function attributesOf(words: string, group: readonly AnnotatedEntity[]): string {
  const [first, ...others] = group
  if (first === undefined) return ''
  if (others.length > 0) return `[${group.map(each => jsonOf(words, each)).join(', ')}]`
  const isPlain = first.value === words && first.role === undefined && first.group === undefined
  return isPlain && !/[:()]/.test(first.entity) ? `(${first.entity})` : jsonOf(words, first)
}

function jsonOf(words: string, { entity, role, group, value }: AnnotatedEntity): string {
  const all = { entity, role, group, value: value === words ? undefined : value }
  const parts = Object.entries(all).filter(([, each]) => each !== undefined)
  return `{${parts.map(([key, each]) => `${JSON.stringify(key)}: ${JSON.stringify(each)}`).join(', ')}}`
}
