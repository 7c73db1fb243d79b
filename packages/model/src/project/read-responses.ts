// Responses that stand beside NLU data, as those of retrieval intents do.

import { checkDomain } from '@tabula/dialogue'
import type { DomainJson, ResponseVariation } from '@tabula/protocol'
import { describe, entryAt, mapToJson, positionAt, type Problems, type YamlNode } from './yaml-node.ts'

/** What stands under `responses:` of a training data file; complaints about it say file and line. */
export function readResponses(tree: YamlNode, problems: Problems): [string, readonly ResponseVariation[]][] {
  const entry = entryAt(tree, 'responses')
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return []
  if (entry.value.kind !== 'map') {
    problems.error(
      'domain.shape',
      entry.value.position,
      `Under responses stands ${describe(entry.value)}.`,
      'Write a map: `utter_name:` and a list of variations below it.',
    )
    return []
  }
  const { responses = {} } = mapToJson({
    kind: 'map',
    entries: [entry],
    position: tree.position,
  }) as DomainJson
  for (const { path = [], ...problem } of checkDomain({ responses }))
    problems.all.push({ ...problem, position: positionAt(tree, path) })
  return Object.entries(responses)
}
