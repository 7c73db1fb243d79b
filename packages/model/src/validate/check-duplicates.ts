// Examples that hardly differ and have different intents: one of the two is probably in the wrong place.

import type { NluExample } from '@tabula/nlu'
import type { Project } from '../project/read-project.ts'
import type { Finding } from './finding.ts'

/** Pairs that are reported at most. */
const MOST = 20

/** Examples of two intents with the same words, whatever their case, punctuation and order. */
export function checkNearDuplicates({ nlu }: Project): Finding[] {
  const groups = Map.groupBy(nlu.examples, ({ text }) => wordsOf(text))
  const findings: Finding[] = []
  for (const [words, examples] of groups) {
    if (words === '') continue
    const [first] = examples
    const other = examples.find(({ intent, text }) => intent !== first?.intent && text !== first?.text)
    if (
      first === undefined ||
      other === undefined ||
      examples.some(each => each.text === other.text && each.intent === first.intent)
    )
      continue
    findings.push(nearDuplicate(first, other))
  }
  return findings.slice(0, MOST)
}

function nearDuplicate(first: NluExample, other: NluExample): Finding {
  const place = first.position === undefined ? '' : ` (${first.position.file}:${first.position.line})`
  return {
    severity: 'warning',
    code: 'nlu.near-duplicate',
    message: `The example "${other.text}" of '${other.intent ?? ''}' has the same words as "${first.text}" of '${first.intent ?? ''}'${place}.`,
    hint: 'Keep them under one intent.',
    ...(other.position === undefined ? {} : { position: other.position }),
  }
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .toSorted()
    .join(' ')
}
