// Marker files: names at the top, each with one operator or condition below it.

import { resolve } from 'node:path'
import type { Domain } from '@tabula/dialogue'
import { closestName, ProjectError } from '@tabula/protocol'
import { filesBelow, readText, shown } from '../project/files.ts'
import { readYaml } from '../project/read-yaml.ts'
import { describe, itemsOf, Problems, textOf, type YamlNode } from '../project/yaml-node.ts'
import {
  CONDITION_TAGS,
  type ConditionTag,
  type MarkerConfig,
  OPERATOR_TAGS,
  type OperatorTag,
} from './marker.ts'

const TAGS: readonly string[] = [...CONDITION_TAGS, ...OPERATOR_TAGS]

/** The markers of a file, or of all files of a folder, by name. Throws ProjectError with all that is wrong in them. */
export async function readMarkers(
  root: string,
  path: string,
  domain: Domain,
): Promise<Map<string, MarkerConfig>> {
  const problems = new Problems()
  const markers = new Map<string, MarkerConfig>()
  const files = await filesBelow(resolve(root, path), ['.yml', '.yaml'])
  if (files.length === 0)
    problems.error(
      'markers.missing',
      { file: path, line: 1, column: 1 },
      'There are no markers.',
      'Write markers.yml, or name it with --config.',
    )
  for (const file of files) {
    const tree = readYaml((await readText(file)) ?? '', shown(root, file), problems, {})
    if (tree === null) continue
    if (tree.kind !== 'map') {
      problems.error(
        'markers.shape',
        tree.position,
        `The file is ${describe(tree)}.`,
        'Write a name for each marker, and what it is below it.',
      )
      continue
    }
    for (const { key, keyPosition, value } of tree.entries) {
      if (TAGS.includes(key) || markers.has(key))
        problems.error(
          'markers.name',
          keyPosition,
          markers.has(key)
            ? `The marker '${key}' stands twice.`
            : `'${key}' stands where the name of a marker must.`,
          'Give each marker a name of its own; operators and conditions stand below it.',
        )
      const config = readMarker(value, domain, problems)
      if (config !== null) markers.set(key, config)
    }
  }
  if (problems.all.length > 0) throw new ProjectError(problems.all)
  return markers
}

function readMarker(node: YamlNode, domain: Domain, problems: Problems): MarkerConfig | null {
  const entry = node.kind === 'map' ? node.entries.find(({ key }) => key !== 'description') : undefined
  if (entry === undefined) {
    problems.error(
      'markers.shape',
      node.position,
      `A marker is ${describe(node)}.`,
      `Write one of ${TAGS.join(', ')} below it.`,
    )
    return null
  }
  const { key, keyPosition, value } = entry
  if ((CONDITION_TAGS as readonly string[]).includes(key)) {
    const text = textOf(value) ?? ''
    checkName(key as ConditionTag, text, value, domain, problems)
    return { kind: 'condition', tag: key as ConditionTag, text }
  }
  if (!(OPERATOR_TAGS as readonly string[]).includes(key)) {
    const near = closestName(key, TAGS)
    problems.error(
      'markers.unknown',
      keyPosition,
      `'${key}' is no condition and no operator.`,
      near === null ? `Known are ${TAGS.join(', ')}.` : `Did you mean '${near}'?`,
    )
    return null
  }
  const markers = itemsOf(value).flatMap(item => readMarker(item, domain, problems) ?? [])
  const wanted = ['not', 'at_least_once', 'never'].includes(key) ? 1 : null
  if (markers.length === 0 || (wanted !== null && markers.length !== wanted))
    problems.error(
      'markers.count',
      keyPosition,
      `'${key}' has ${markers.length} markers below it.`,
      wanted === null ? 'Write a list of markers.' : 'Write a list with one marker.',
    )
  return { kind: 'operator', tag: key as OperatorTag, markers }
}

function checkName(
  tag: ConditionTag,
  text: string,
  node: YamlNode,
  domain: Domain,
  problems: Problems,
): void {
  const known = tag.endsWith('action')
    ? domain.actions
    : tag.endsWith('intent')
      ? [...domain.intents.keys()]
      : [...domain.slots.keys()]
  if (known.includes(text) || known.includes(text.split('/')[0] ?? '')) return
  const near = closestName(text, known)
  problems.error(
    'markers.not-in-domain',
    node.position,
    `'${text}' is not in the domain.`,
    near === null ? 'Add it there, or take the marker away.' : `Did you mean '${near}'?`,
  )
}
