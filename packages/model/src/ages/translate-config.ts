// Configs of Rasa 1 and 2 as Rasa 3 has them: pipelines by name, components of older names, and the policies that became rules.

import type { PolicyConfig, StoryData, StoryStep } from '@tabula/dialogue'
import { type ComponentConfig, formerName } from '@tabula/nlu'
import type { JsonObject, SourcePosition } from '@tabula/protocol'
import type { ProjectConfig } from '../project/read-config.ts'
import { entryAt, textOf, valueAt, type YamlMap, type YamlNode } from '../project/yaml-node.ts'
import { list, map, type Note, scalar, type TranslatedDomain } from './translate-domain.ts'

/** Policies of Rasa 1 and 2 whose work RulePolicy does now. */
const RULED = ['FormPolicy', 'MappingPolicy', 'FallbackPolicy', 'TwoStageFallbackPolicy'] as const

/** Policies whose place another has taken. */
const LEARNERS: Readonly<Record<string, string>> = {
  KerasPolicy: 'TEDPolicy',
  EmbeddingPolicy: 'TEDPolicy',
  SklearnPolicy: 'TEDPolicy',
}

/** Turns that memory went back to where nothing else was said, before Rasa 3. */
const MEMORY = 5

/** Pipelines that Rasa 1 knew by name. */
const TEMPLATES: Readonly<Record<string, readonly Readonly<Record<string, string | number>>[]>> = {
  supervised_embeddings: [
    { name: 'WhitespaceTokenizer' },
    { name: 'RegexFeaturizer' },
    { name: 'CRFEntityExtractor' },
    { name: 'EntitySynonymMapper' },
    { name: 'CountVectorsFeaturizer' },
    { name: 'CountVectorsFeaturizer', analyzer: 'char_wb', min_ngram: 1, max_ngram: 4 },
    { name: 'DIETClassifier' },
  ],
  pretrained_embeddings_spacy: [
    { name: 'SpacyNLP' },
    { name: 'SpacyTokenizer' },
    { name: 'SpacyFeaturizer' },
    { name: 'RegexFeaturizer' },
    { name: 'CRFEntityExtractor' },
    { name: 'EntitySynonymMapper' },
    { name: 'SklearnIntentClassifier' },
  ],
  pretrained_embeddings_convert: [
    { name: 'WhitespaceTokenizer' },
    { name: 'CountVectorsFeaturizer' },
    { name: 'CountVectorsFeaturizer', analyzer: 'char_wb', min_ngram: 1, max_ngram: 4 },
    { name: 'DIETClassifier' },
  ],
}

/** Whether the config can only be of Rasa 1 or 2. */
export function isOldConfig(policies: readonly PolicyConfig[], tree: YamlNode | null): boolean {
  const template = textOf(valueAt(tree ?? undefined, 'pipeline'))
  return (
    (template !== null && Object.hasOwn(TEMPLATES, template)) ||
    policies.some(({ name }) => isRuled(name) || Object.hasOwn(LEARNERS, name))
  )
}

/** The config with a pipeline that is known by its name written out. */
export function withTemplate(tree: YamlNode | null): YamlNode | null {
  const pipeline = entryAt(tree ?? undefined, 'pipeline')
  const components = TEMPLATES[textOf(pipeline?.value) ?? '']
  if (tree?.kind !== 'map' || pipeline === undefined || components === undefined) return tree
  const { position } = pipeline.value
  const items = components.map((component): YamlMap =>
    map(
      Object.fromEntries(
        Object.entries(component).map(([key, value]): [string, YamlNode] => [
          key,
          typeof value === 'number'
            ? { kind: 'scalar', value, style: 'plain', position }
            : scalar(value, position),
        ]),
      ),
      position,
    ),
  )
  return {
    ...tree,
    entries: tree.entries.map(entry =>
      entry === pipeline ? { ...entry, value: list(items, position) } : entry,
    ),
  }
}

export interface TranslatedConfig {
  readonly config: ProjectConfig
  /** Rules that say what policies did. */
  readonly rules: readonly StoryData[]
  readonly notes: readonly Note[]
}

/** The config in the terms of Rasa 3, and the rules that come with it. */
export function translateConfig(
  config: ProjectConfig,
  { triggers }: Pick<TranslatedDomain, 'triggers'>,
): TranslatedConfig {
  const notes: Note[] = []
  const pipeline = config.pipeline.map(component => renamed(component, notes))
  const { policies, rules, fallback } = translatePolicies(config.policies, triggers, notes)
  const known = pipeline.some(({ name }) => name === 'FallbackClassifier')
  return {
    config: {
      ...config,
      pipeline: fallback === null || known ? pipeline : [...pipeline, fallback],
      policies,
    },
    rules,
    notes,
  }
}

function renamed(component: ComponentConfig, notes: Note[]): ComponentConfig {
  const name = formerName(component.name)
  if (name === null) return component
  const { position } = component
  if (position !== undefined)
    notes.push({ position, message: `'${component.name}' is called '${name}' now.` })
  return { ...component, name }
}

interface TranslatedPolicies {
  readonly policies: readonly PolicyConfig[]
  readonly rules: readonly StoryData[]
  readonly fallback: ComponentConfig | null
}

function translatePolicies(
  policies: readonly PolicyConfig[],
  triggers: TranslatedDomain['triggers'],
  notes: Note[],
): TranslatedPolicies {
  const find = (name: (typeof RULED)[number]): PolicyConfig | undefined =>
    policies.find(policy => policy.name === name)
  const first = policies.find(({ name }) => isRuled(name))
  const learned = policies.map(policy => memoryOf(learnerOf(policy, notes)))
  if (first === undefined) return { policies: learned, rules: [], fallback: null }
  const old = find('TwoStageFallbackPolicy') ?? find('FallbackPolicy')
  const position = first.position ?? { file: 'config.yml', line: 1, column: 1 }
  notes.push({
    position,
    message: `RulePolicy does what ${policies
      .filter(({ name }) => isRuled(name))
      .map(({ name }) => name)
      .join(', ')} did.`,
  })
  const rules = [
    ...(find('MappingPolicy') === undefined ? [] : triggerRules(triggers)),
    ...(old === undefined ? [] : fallbackRules(old, position)),
  ]
  const kept = learned.filter(({ name }) => !isRuled(name))
  const rulePolicy: PolicyConfig = { name: 'RulePolicy', options: ruleOptions(old), position }
  return {
    policies: kept.some(({ name }) => name === 'RulePolicy') ? kept : [...kept, rulePolicy],
    rules,
    fallback: old === undefined ? null : fallbackClassifier(old, position),
  }
}

function isRuled(name: string): boolean {
  return (RULED as readonly string[]).includes(name)
}

function learnerOf(policy: PolicyConfig, notes: Note[]): PolicyConfig {
  const name = LEARNERS[policy.name]
  if (name === undefined) return policy
  if (policy.position !== undefined)
    notes.push({ position: policy.position, message: `'${name}' takes the place of '${policy.name}'.` })
  const { max_history, epochs } = policy.options
  return {
    ...policy,
    name,
    options: {
      ...(max_history === undefined ? {} : { max_history }),
      ...(epochs === undefined ? {} : { epochs }),
    },
  }
}

function memoryOf(policy: PolicyConfig): PolicyConfig {
  const isMemory = policy.name === 'MemoizationPolicy' || policy.name === 'AugmentedMemoizationPolicy'
  if (!isMemory || 'max_history' in policy.options || 'featurizer' in policy.options) return policy
  return { ...policy, options: { ...policy.options, max_history: MEMORY } }
}

/**
 * Triggers gave way to what memory knew, so RulePolicy stands below memory; nothing was hidden from memory, and nothing was
 * compared with stories, so both are off.
 */
function ruleOptions(fallback: PolicyConfig | undefined): JsonObject {
  const base = { priority: 2, check_for_contradictions: false, legacy_forms: true }
  if (fallback === undefined) return { ...base, enable_fallback_prediction: false }
  const { core_threshold = 0.3 } = fallback.options
  return {
    ...base,
    core_fallback_threshold: core_threshold,
    core_fallback_action_name: coreFallback(fallback),
  }
}

function coreFallback({ options }: PolicyConfig): string {
  const name = options['fallback_action_name'] ?? options['fallback_core_action_name']
  return typeof name === 'string' ? name : 'action_default_fallback'
}

function fallbackClassifier({ options }: PolicyConfig, position: SourcePosition): ComponentConfig {
  const { nlu_threshold = 0.3, ambiguity_threshold = 0.1 } = options
  return { name: 'FallbackClassifier', options: { threshold: nlu_threshold, ambiguity_threshold }, position }
}

function triggerRules(triggers: TranslatedDomain['triggers']): StoryData[] {
  return [...triggers].map(([intent, { action, position }]) =>
    rule(`${intent} triggers ${action}`, position, [
      { kind: 'user', intent, entities: [], position },
      { kind: 'action', name: action, position },
    ]),
  )
}

const TWO_STAGE = 'action_two_stage_fallback'

function fallbackRules(policy: PolicyConfig, position: SourcePosition): StoryData[] {
  const unclear: StoryStep = { kind: 'user', intent: 'nlu_fallback', entities: [], position }
  const core = coreFallback(policy)
  const afterwards =
    core === 'action_default_fallback'
      ? []
      : [rule(`listen after ${core}`, position, [{ kind: 'action', name: core, position }])]
  if (policy.name === 'TwoStageFallbackPolicy')
    return [
      rule('ask again what is not understood', position, [
        unclear,
        { kind: 'action', name: TWO_STAGE, position },
        { kind: 'active_loop', name: TWO_STAGE, position },
      ]),
      ...afterwards,
    ]
  return [
    rule('fall back from what is not understood', position, [
      unclear,
      { kind: 'action', name: core, position },
    ]),
    ...afterwards,
  ]
}

function rule(name: string, position: SourcePosition, steps: readonly StoryStep[]): StoryData {
  return {
    kind: 'rule',
    name,
    position,
    steps,
    condition: [],
    conversationStart: false,
    waitForUserInput: true,
  }
}
