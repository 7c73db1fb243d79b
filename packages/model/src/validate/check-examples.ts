// Examples and the domain must know the same intents, and an example has one intent.

import { DEFAULT_INTENTS, type Domain } from '@tabula/dialogue'
import type { NluExample } from '@tabula/nlu'
import { closestName } from '@tabula/protocol'
import type { Project } from '../project/read-project.ts'
import { type Finding, placeOf } from './finding.ts'

/** Examples of intents that the domain lacks, and examples of two intents. */
export function checkExamples({ nlu }: Project, domain: Domain): Finding[] {
  const findings: Finding[] = []
  const first = new Map<string, NluExample>()
  const unknown = new Set<string>()
  for (const example of nlu.examples) {
    const { text, intent, position } = example
    if (intent === undefined) continue
    const place = position === undefined ? {} : { position }
    if (!domain.intents.has(intent) && !unknown.has(intent)) {
      unknown.add(intent)
      const near = closestName(intent, domain.intents.keys())
      findings.push({
        severity: 'warning',
        code: 'nlu.intent-not-in-domain',
        message: `The intent '${intent}' has examples, but it is not listed in the domain.`,
        hint: near === null ? 'Add it to the domain under `intents:`.' : `Did you mean '${near}'?`,
        ...place,
      })
    }
    const before = first.get(text)
    if (before === undefined) first.set(text, example)
    else if (before.intent !== intent)
      findings.push({
        severity: 'warning',
        code: 'nlu.two-intents',
        message: `The example "${text}" is labeled with '${intent}' and with '${before.intent ?? ''}'${placeInWords(before)}.`,
        hint: 'Keep it under one of them.',
        ...place,
      })
  }
  return findings
}

/** Intents of the domain that no example is labeled with. */
export function checkIntentsHaveExamples(project: Project, domain: Domain): Finding[] {
  const { examples } = project.nlu
  if (examples.length === 0) return []
  const labeled = new Set(examples.map(({ intent }) => intent))
  const defaults: readonly string[] = DEFAULT_INTENTS
  return [...domain.intents.keys()]
    .filter(name => !labeled.has(name) && !defaults.includes(name))
    .map(name => ({
      severity: 'warning',
      code: 'intent.no-examples',
      message: `The intent '${name}' is listed in the domain, but no example is labeled with it.`,
      hint: 'Add examples under `nlu:`, or take it out of the domain.',
      ...placeOf(project, ['intents', name]),
    }))
}

function placeInWords({ position }: NluExample): string {
  return position === undefined ? '' : ` (${position.file}:${position.line})`
}
