// config.yml: language, pipeline and policies, with Rasa's defaults where a section is missing.

import type { PolicyConfig } from '@tabula/dialogue'
import type { ComponentConfig } from '@tabula/nlu'
import { describe, entryAt, mapToJson, type Problems, textOf, valueAt, type YamlNode } from './yaml-node.ts'

export interface ProjectConfig {
  readonly recipe: string
  readonly language: string
  /** null where the file has none, or Rasa's placeholder: training derives one. */
  readonly assistantId: string | null
  readonly pipeline: readonly ComponentConfig[]
  readonly policies: readonly PolicyConfig[]
  /** Sections that the file leaves to the defaults. */
  readonly defaulted: readonly ('pipeline' | 'policies')[]
}

const PLACEHOLDER = 'placeholder_default'

/** Rasa's default pipeline. */
export const DEFAULT_PIPELINE: readonly ComponentConfig[] = [
  { name: 'WhitespaceTokenizer', options: {} },
  { name: 'RegexFeaturizer', options: {} },
  { name: 'LexicalSyntacticFeaturizer', options: {} },
  { name: 'CountVectorsFeaturizer', options: {} },
  { name: 'CountVectorsFeaturizer', options: { analyzer: 'char_wb', min_ngram: 1, max_ngram: 4 } },
  { name: 'DIETClassifier', options: { epochs: 100, constrain_similarities: true } },
  { name: 'EntitySynonymMapper', options: {} },
  { name: 'ResponseSelector', options: { epochs: 100, constrain_similarities: true } },
  { name: 'FallbackClassifier', options: { threshold: 0.3, ambiguity_threshold: 0.1 } },
]

/** Rasa's default policies. */
export const DEFAULT_POLICIES: readonly PolicyConfig[] = [
  { name: 'MemoizationPolicy', options: {} },
  { name: 'RulePolicy', options: {} },
  { name: 'UnexpecTEDIntentPolicy', options: { max_history: 5, epochs: 100 } },
  { name: 'TEDPolicy', options: { max_history: 5, epochs: 100, constrain_similarities: true } },
]

/** The configuration in a file's tree; an empty file has the defaults throughout. */
export function readConfig(root: YamlNode | null, file: string, problems: Problems): ProjectConfig {
  const start = { file, line: 1, column: 1 }
  if (root !== null && root.kind !== 'map')
    problems.error(
      'config.not-a-map',
      root.position,
      `The config is ${describe(root)}.`,
      'Write keys such as `language:`, `pipeline:` and `policies:`.',
    )
  const tree = root ?? undefined
  const recipe = textOf(valueAt(tree, 'recipe')) ?? 'default.v1'
  if (recipe !== 'default.v1')
    problems.error(
      'config.recipe',
      valueAt(tree, 'recipe')?.position ?? start,
      `The recipe '${recipe}' is not known.`,
      'Use default.v1: list the components under pipeline and policies.',
    )
  const id = textOf(valueAt(tree, 'assistant_id'))
  if (id === null || id === PLACEHOLDER)
    problems.warn(
      'config.assistant-id',
      entryAt(tree, 'assistant_id')?.keyPosition ?? start,
      'The config has no assistant_id of its own; the name of its folder takes its place.',
      'Write `assistant_id:` with a name that no other assistant has: events are marked with it.',
    )
  const pipeline = readNamedList(tree, 'pipeline', problems)
  const policies = readNamedList(tree, 'policies', problems)
  return {
    recipe,
    language: textOf(valueAt(tree, 'language')) ?? 'en',
    assistantId: id === null || id === PLACEHOLDER ? null : id,
    pipeline: pipeline ?? DEFAULT_PIPELINE,
    policies: policies ?? DEFAULT_POLICIES,
    defaulted: [
      ...(pipeline === null ? ['pipeline' as const] : []),
      ...(policies === null ? ['policies' as const] : []),
    ],
  }
}

/** null where the section is missing or empty. */
function readNamedList(
  root: YamlNode | undefined,
  section: string,
  problems: Problems,
): ComponentConfig[] | null {
  const node = entryAt(root, section)?.value
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return null
  if (node.kind !== 'list') {
    problems.error(
      'config.not-a-list',
      node.position,
      `Under ${section} stands ${describe(node)}.`,
      'Write a list of items such as `- name: WhitespaceTokenizer`.',
    )
    return []
  }
  return node.items.flatMap(item => readNamed(item, section, problems))
}

function readNamed(item: YamlNode, section: string, problems: Problems): ComponentConfig[] {
  if (item.kind === 'scalar' && typeof item.value === 'string')
    return [{ name: item.value, options: {}, position: item.position }]
  const name = entryAt(item, 'name')
  const text = textOf(name?.value)
  if (item.kind !== 'map' || name === undefined || text === null) {
    problems.error(
      'config.nameless',
      item.position,
      `An item under ${section} is ${describe(item)} without a name.`,
      'Begin it with `- name: …`.',
    )
    return []
  }
  const options = Object.fromEntries(Object.entries(mapToJson(item)).filter(([key]) => key !== 'name'))
  return [{ name: text, options, position: name.value.position }]
}
