// NLU data as Markdown, as Rasa 1.10 reads it. Metadata and responses have no place in it.

import type { NluTrainingData } from '@tabula/nlu'
import { annotate } from './annotate.ts'
import { byLabel, bySynonym } from './write-nlu-yaml.ts'

/** The file's text. */
export function writeNluMarkdown({ examples, synonyms, regexes, lookups }: NluTrainingData): string {
  const sections = [
    ...byLabel(examples).map(([label, own]) => section(`intent:${label}`, own.map(annotate))),
    ...bySynonym(synonyms).map(([value, words]) => section(`synonym:${value}`, words)),
    ...[...Map.groupBy(regexes, ({ name }) => name)].map(([name, own]) =>
      section(
        `regex:${name}`,
        own.map(({ pattern }) => pattern),
      ),
    ),
    ...lookups.map(({ name, elements }) => section(`lookup:${name}`, elements)),
  ]
  return sections.join('\n')
}

function section(title: string, lines: readonly string[]): string {
  return `## ${title}\n${lines.map(line => `- ${escapedLine(line)}\n`).join('')}`
}

/** A line of the file is one example: what would end it is written as in Rasa. */
export function escapedLine(line: string): string {
  return line.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}
