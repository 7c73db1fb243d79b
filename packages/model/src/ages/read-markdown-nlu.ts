// NLU data as Markdown, the form of Rasa 1 (and 2, until it went): sections of intents, synonyms, regexes and lookup tables.

import { readAnnotations } from '../project/annotations.ts'
import { elementsOfFile, type NluParts, type ReadLookupFile } from '../project/read-nlu.ts'
import type { Problems } from '../project/yaml-node.ts'
import { type MarkdownLine, markdownLines } from './markdown-lines.ts'

const KINDS = ['intent', 'synonym', 'regex', 'lookup']

/** Adds the file's sections to the parts. */
export async function readMarkdownNlu(
  text: string,
  file: string,
  parts: NluParts,
  problems: Problems,
  readFile: ReadLookupFile,
): Promise<void> {
  let kind = ''
  let name = ''
  for (const line of markdownLines(text, file)) {
    const header = /^##\s*(.+?):(.+)/.exec(line.text)
    if (header !== null) {
      ;[, kind = '', name = ''] = header.map(part => part.trim())
      if (!KINDS.includes(kind))
        problems.error(
          'markdown.section',
          line.position,
          `A section is '${kind}:${name}'.`,
          `Begin it with ## and one of ${KINDS.map(each => `${each}:`).join(', ')}`,
        )
      continue
    }
    if (line.text.startsWith('#')) continue
    if (/^[-*+]$/.test(line.text)) {
      problems.warn('markdown.empty-item', line.position, 'An item is empty; it is left out.')
      continue
    }
    const item = /^[-*+]\s*(.+)/.exec(line.text)?.[1]?.trim()
    if (item !== undefined) addItem(kind, name, item, line, parts, problems)
    else if (kind === 'lookup') {
      const elements = await elementsOfFile(line.text, name, line.position, problems, readFile)
      if (elements !== null) parts.lookups.push({ name, elements, position: line.position })
    } else
      problems.warn(
        'markdown.line',
        line.position,
        `The line "${line.text.slice(0, 60)}" is no item; it is left out.`,
        'Begin it with `- `.',
      )
  }
}

function addItem(
  kind: string,
  name: string,
  item: string,
  { position }: MarkdownLine,
  parts: NluParts,
  problems: Problems,
): void {
  if (kind === 'synonym') parts.synonyms.set(item, name)
  else if (kind === 'regex') parts.regexes.push({ name, pattern: item, position })
  else if (kind === 'lookup') addToLookup(name, item, position, parts)
  else if (kind === 'intent') {
    const { text, entities, faults } = readAnnotations(unescaped(item))
    for (const { message } of faults)
      problems.error(
        'nlu.annotation',
        position,
        message,
        'Write `[words](entity)` or `[words]{"entity": "name"}`.',
      )
    for (const { start, end, value } of entities)
      if (text.slice(start, end) !== value) parts.synonyms.set(text.slice(start, end), value)
    const [intent = ''] = name.split('/')
    parts.examples.push({
      text,
      intent,
      ...(intent === name ? {} : { intentResponseKey: name }),
      entities,
      position,
    })
  }
}

function addToLookup(
  name: string,
  item: string,
  position: MarkdownLine['position'],
  { lookups }: NluParts,
): void {
  const known = lookups.findIndex(table => table.name === name)
  const table = lookups[known]
  if (table === undefined) lookups.push({ name, elements: [item], position })
  else lookups[known] = { ...table, elements: [...table.elements, item] }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function unescaped(text: string): string {
  return text.replaceAll(/\\([nrtbf])/g, (whole, letter: string) => ESCAPES[letter] ?? whole)
}
