// A small reader of nlu.yml for tests: intents, synonyms, regexes and lookup tables with examples as `|` text.

import type {
  AnnotatedEntity,
  LookupTable,
  NluExample,
  NluTrainingData,
  RegexPattern,
} from '../src/training-data.ts'

interface Section {
  readonly kind: string
  readonly name: string
  readonly lines: string[]
}

/** Training data of one or more files' text. */
export function readExamples(...texts: readonly string[]): NluTrainingData {
  const sections = texts.flatMap(readSections)
  const synonyms = new Map<string, string>()
  const examples: NluExample[] = []
  for (const { kind, name, lines } of sections) {
    if (kind === 'synonym') for (const line of lines) synonyms.set(line, name)
    if (kind !== 'intent') continue
    for (const line of lines) {
      const { text, entities } = readAnnotations(line)
      for (const { start, end, value } of entities) {
        if (text.slice(start, end) !== value) synonyms.set(text.slice(start, end), value)
      }
      const [intent = ''] = name.split('/')
      examples.push({ text, intent, entities, ...(name.includes('/') ? { intentResponseKey: name } : {}) })
    }
  }
  const regexes: RegexPattern[] = sections
    .filter(({ kind }) => kind === 'regex')
    .flatMap(({ name, lines }) => lines.map(pattern => ({ name, pattern })))
  const lookups: LookupTable[] = sections
    .filter(({ kind }) => kind === 'lookup')
    .map(({ name, lines }) => ({ name, elements: lines }))
  return { examples, synonyms, regexes, lookups, responses: new Map() }
}

function readSections(text: string): Section[] {
  const sections: Section[] = []
  for (const line of text.split('\n')) {
    const head = /^\s*- (intent|synonym|regex|lookup): *["']?(.*?)["']?\s*$/.exec(line)
    if (head !== null) sections.push({ kind: head[1] ?? '', name: head[2] ?? '', lines: [] })
    const example = /^\s+- (.*)$/.exec(line)
    if (head === null && example !== null) sections.at(-1)?.lines.push((example[1] ?? '').trim())
  }
  return sections
}

function readAnnotations(line: string): { text: string; entities: AnnotatedEntity[] } {
  const entities: AnnotatedEntity[] = []
  let text = ''
  let from = 0
  for (const match of line.matchAll(/\[([^\]]+)\](?:\(([^):]+)(?::([^)]+))?\)|(\{[^}]+\}))/g)) {
    const [whole, span = '', type = '', value = span, json] = match
    text += line.slice(from, match.index)
    from = match.index + whole.length
    const place = { start: text.length, end: text.length + span.length }
    const annotation = json === undefined ? { entity: type, value } : (JSON.parse(json) as { entity: string })
    entities.push({ value: span, ...annotation, ...place })
    text += span
  }
  return { text: text + line.slice(from), entities }
}
