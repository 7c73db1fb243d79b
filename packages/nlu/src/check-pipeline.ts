// Complaints about a pipeline as config.yml writes it, before anything is trained.

import { closestName, type Problem } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
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

export interface CheckPipelineOptions {
  /** Components whose own engine is not here are errors, in the same words. */
  readonly strict?: boolean
}

/** All errors and warnings: unknown names and options, values that cannot work, components that lack another before them. */
export function checkPipeline(
  configs: readonly ComponentConfig[],
  language: string,
  { strict = false }: CheckPipelineOptions = {},
): Problem[] {
  const problems: Problem[] = []
  const before = new Set<ComponentKind>()
  for (const [index, config] of configs.entries()) {
    const type = findComponent(config.name)
    if (type === null) {
      problems.push(unknownName(config))
      continue
    }
    problems.push(...checkPlace(config, type, before), ...checkLanguage(config, type, language))
    problems.push(...checkStandIn(config, strict), ...checkOptions(config, type, index, language))
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
    ? `Components written in Python cannot be run. Write it as the TypeScript class ${name.slice(name.lastIndexOf('.') + 1)} in ${name.slice(0, name.lastIndexOf('.')).replaceAll('.', '/')}.ts (docs/understanding.md), or use a built-in component.`
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

function checkStandIn(config: ComponentConfig, strict: boolean): Problem[] {
  const words = standInOf(config.name, config.options)
  if (words === null) return []
  const { library, standsIn, differs, instead } = words
  return [
    report(config, {
      severity: strict ? 'error' : 'warning',
      code: 'config.stand-in',
      message: `'${config.name}' is of ${library}, which is not here; in its place stands ${standsIn}. ${differs}`,
      hint: `Write ${instead} instead.`,
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
  problems.push(...unknownOptions(config, type))
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

/** Stand-ins take their engine's options without a word: that they change nothing goes with the warning. */
function unknownOptions(config: ComponentConfig, type: ComponentType): Problem[] {
  if (standInOf(config.name, config.options) !== null) return []
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
