// Complaints about a pipeline as config.yml writes it, before anything is trained.

import type { Problem } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import { closestName } from './closest-name.ts'
import type { ComponentConfig, ComponentKind, ComponentType } from './component.ts'
import { COMPONENT_NAMES, findComponent, formerName, standInOf } from './components.ts'

/** A tokenizer that splits at spaces cannot find the words of these languages. */
const WITHOUT_SPACES = ['zh', 'ja', 'th']

/** What each missing kind of component is usually filled with. */
const EXAMPLES: Readonly<Record<ComponentKind, string>> = {
  model: 'SpacyNLP',
  tokenizer: 'WhitespaceTokenizer',
  featurizer: 'CountVectorsFeaturizer',
  classifier: 'DIETClassifier',
  extractor: 'RegexEntityExtractor',
  selector: 'ResponseSelector',
  mapper: 'EntitySynonymMapper',
}

/** All errors and warnings: unknown names and options, values that cannot work, components that lack another before them. */
export function checkPipeline(configs: readonly ComponentConfig[], language: string): Problem[] {
  const problems: Problem[] = []
  const before = new Set<ComponentKind>()
  for (const [index, config] of configs.entries()) {
    const type = findComponent(config.name)
    if (type === null) {
      problems.push(unknownName(config))
      continue
    }
    problems.push(...checkPlace(config, type, before), ...checkLanguage(config, type, language))
    problems.push(...checkOptions(config, type, index, language))
    for (const kind of type.kinds) before.add(kind)
  }
  return problems
}

function report(config: ComponentConfig, problem: Problem): Problem {
  return config.position === undefined ? problem : { ...problem, position: config.position }
}

function unknownName(config: ComponentConfig): Problem {
  const { name } = config
  const former = formerName(name)
  const near = former ?? closestName(name, COMPONENT_NAMES)
  const custom = name.includes('.')
  const hint = custom
    ? 'Components written in Python cannot be run; use one of the built-in components.'
    : near === null
      ? `Known are: ${COMPONENT_NAMES.join(', ')}.`
      : former === null
        ? `Did you mean '${near}'?`
        : `It is called '${near}' now.`
  return report(config, {
    severity: 'error',
    code: 'config.unknown-component',
    message: `There is no pipeline component '${name}'.`,
    hint,
  })
}

function checkPlace(
  config: ComponentConfig,
  type: ComponentType,
  before: ReadonlySet<ComponentKind>,
): Problem[] {
  const problems: Problem[] = []
  for (const kind of type.requires) {
    if (before.has(kind)) continue
    problems.push({
      severity: 'error',
      code: 'config.missing-component',
      message: `'${config.name}' needs a ${kind} before it in the pipeline, and there is none.`,
      hint: `Add a ${kind} above it, for example '${EXAMPLES[kind]}'.`,
    })
  }
  if (type.kinds.includes('tokenizer') && before.has('tokenizer')) {
    problems.push({
      severity: 'error',
      code: 'config.second-tokenizer',
      message: `'${config.name}' is a second tokenizer; a pipeline can have one only.`,
      hint: 'Remove one of them.',
    })
  }
  return problems.map(problem => report(config, problem))
}

function checkLanguage(config: ComponentConfig, type: ComponentType, language: string): Problem[] {
  if (type.name !== 'WhitespaceTokenizer' || !WITHOUT_SPACES.includes(language)) return []
  return [
    report(config, {
      severity: 'error',
      code: 'config.language',
      message: `'${type.name}' splits at spaces, which the language '${language}' does not write between words.`,
      hint: "Use 'JiebaTokenizer' instead.",
    }),
  ]
}

function checkOptions(
  config: ComponentConfig,
  type: ComponentType,
  index: number,
  language: string,
): Problem[] {
  const problems: Problem[] = []
  const standIn = standInOf(config.name)
  if (standIn === null) problems.push(...unknownOptions(config, type))
  else {
    problems.push({
      severity: 'warning',
      code: 'config.stand-in',
      message: `'${config.name}' is not available yet: ${standIn}.`,
    })
  }
  try {
    const options = { ...type.defaults, ...config.options }
    type.create(options, { language, index, seed: 0, warn: problem => problems.push(problem) })
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    const message = `'${config.name}': ${error.message}`
    problems.push({ severity: 'error', code: error.code, message })
  }
  return problems.map(problem => report(config, problem))
}

function unknownOptions(config: ComponentConfig, type: ComponentType): Problem[] {
  const known = Object.keys(type.defaults)
  return Object.keys(config.options)
    .filter(option => !known.includes(option) && option !== 'name')
    .map(option => {
      const near = closestName(option, known)
      return {
        severity: 'warning' as const,
        code: 'config.unknown-option',
        message: `'${config.name}' has no option '${option}'; it changes nothing.`,
        ...(near === null ? {} : { hint: `Did you mean '${near}'?` }),
      }
    })
}
