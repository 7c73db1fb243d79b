// A Rasa project as it stands: config, domain, NLU data, stories and rules; all that is wrong is reported in one go.

import { resolve } from 'node:path'
import type { StoryData } from '@tabula/dialogue'
import type { NluTrainingData } from '@tabula/nlu'
import type { DomainJson, Problem, SourcePosition } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import { checkComponents } from './check-components.ts'
import { completeDomain } from './complete-domain.ts'
import type { ProjectAge } from '../ages/project-age.ts'
import { withTemplate } from '../ages/translate-config.ts'
import { translateProject } from '../ages/translate-project.ts'
import { filesBelow, readText, shown } from './files.ts'
import { registerSlotTypes } from './slot-types.ts'
import { ProjectReader } from './project-reader.ts'
import { type ProjectConfig, readConfig } from './read-config.ts'
import { DOMAIN_KEYS, domainOf, mergeDomains } from './read-domain.ts'
import { distinctExamples } from './read-nlu.ts'
import { entryAt, Problems } from './yaml-node.ts'

/** Where the parts of a project lie; relative paths start at the root. */
export interface ProjectPaths {
  /** Default: the current folder. */
  readonly root?: string
  readonly config?: string
  readonly domain?: string | readonly string[]
  readonly data?: string | readonly string[]
  /** Refuses components that others would stand in for. */
  readonly strict?: boolean
}

export interface Project {
  readonly root: string
  readonly config: ProjectConfig
  /** Merged from all its files, with what NLU data and stories add to it. */
  readonly domain: DomainJson
  readonly nlu: NluTrainingData
  readonly stories: readonly StoryData[]
  /** Names of responses that the code of custom actions mentions (`actions/`, `actions.py`): these are not unused. */
  readonly saidByActions: ReadonlySet<string>
  /** The Rasa that it was written for; parts of 1 and 2 were translated while they were read. */
  readonly age: ProjectAge
  /** Every file that was read, absolute. */
  readonly files: readonly string[]
  /** Warnings of reading; errors are thrown. */
  readonly problems: readonly Problem[]
  /** Where a part of the domain is written, such as `['intents', 'greet']`; null where no domain was read. */
  readonly placeInDomain: (path: readonly (string | number)[]) => SourcePosition | null
}

/** The project; throws ProjectError with all errors and warnings of all its files. A missing config is an error, a missing domain a warning, missing data neither. */
export async function readProject(
  paths: ProjectPaths = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Project> {
  const root = resolve(paths.root ?? '.')
  const reader = new ProjectReader(root, environment)
  const file = resolve(root, paths.config ?? 'config.yml')
  const tree = withTemplate(await reader.configTree(file))
  const written = readConfig(tree, reader.shown(file), tree === null ? new Problems() : reader.problems)
  const complaints = reader.problems.all.length
  const domainRoots = await reader.trees(listOf(paths.domain ?? 'domain.yml'))
  // A domain that is there and cannot be read is complained about, and not missing.
  const isDomainMissing = domainRoots.length === 0 && reader.problems.all.length === complaints
  const { problems } = reader
  const merged = mergeDomains(
    domainRoots.filter(each => DOMAIN_KEYS.some(key => entryAt(each, key) !== undefined)),
    problems,
  )
  const data = await reader.trainingData(listOf(paths.data ?? 'data'), written.language)
  const aged = translateProject({ config: written, tree, domain: merged, hasMarkdown: data.hasMarkdown })
  problems.all.push(...aged.problems)
  const { config } = aged
  problems.all.push(...(await checkComponents(config, root, paths.strict === true)))
  problems.all.push(...(await registerSlotTypes(aged.domain, root)))
  const read = domainOf(aged.domain, problems)
  const stories = [...data.stories, ...aged.rules]
  if (isDomainMissing)
    problems.warn(
      'domain.missing',
      { file: shown(root, resolve(root, listOf(paths.domain ?? 'domain.yml')[0] ?? '')), line: 1, column: 1 },
      'There is no domain; without one there is no dialogue.',
      'Write domain.yml, or name it with --domain.',
    )
  if (problems.all.some(problem => problem.severity === 'error')) throw new ProjectError(problems.all)
  const domain = completeDomain(read.json, data.parts, data.responses, stories)
  const retrieval = Object.entries(domain.responses ?? {}).filter(([name]) => name.includes('/'))
  return {
    root,
    config,
    domain,
    nlu: {
      ...data.parts,
      examples: distinctExamples(data.parts.examples),
      responses: new Map(retrieval),
    },
    stories,
    age: aged.age,
    saidByActions: await responsesInCode(root),
    files: reader.files,
    problems: problems.all,
    placeInDomain: path => read.place(path),
  }
}

/** Every `utter_…` that the code of the project's actions mentions, in whatever language it is written. */
async function responsesInCode(root: string): Promise<ReadonlySet<string>> {
  const files = [
    ...(await filesBelow(resolve(root, 'actions'), ['.ts', '.js', '.mjs', '.py'])),
    ...(await filesBelow(resolve(root, 'actions.py'), ['.py'])),
  ]
  const texts = await Promise.all(files.map(readText))
  return new Set(texts.flatMap(text => text?.match(/\butter_[\w/-]+/g) ?? []))
}

/** Training data on their own, as tests of a model read them: no config, no domain. */
export interface DataFiles {
  readonly root: string
  readonly nlu: NluTrainingData
  readonly stories: readonly StoryData[]
  /** Warnings of reading; errors are thrown. */
  readonly problems: readonly Problem[]
}

export interface DataPaths {
  /** Default: the current folder. */
  readonly root?: string
  readonly data: readonly string[]
  readonly language?: string
  /** Which files are read, by their paths; default: all. */
  readonly isWanted?: (file: string) => boolean
}

/** What the files below the paths hold. Throws ProjectError with all that is wrong in them. */
export async function readDataFiles(
  paths: DataPaths,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<DataFiles> {
  const root = resolve(paths.root ?? '.')
  const reader = new ProjectReader(root, environment)
  const { parts, stories, responses } = await reader.trainingData(
    paths.data,
    paths.language ?? 'en',
    paths.isWanted,
  )
  const { problems } = reader
  if (problems.all.some(problem => problem.severity === 'error')) throw new ProjectError(problems.all)
  const nlu = { ...parts, examples: distinctExamples(parts.examples), responses }
  return { root, nlu, stories, problems: problems.all }
}

/** A config alone, with what is wrong in it: errors are not thrown here. */
export async function readConfigFile(
  paths: Pick<ProjectPaths, 'root' | 'config'> = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly config: ProjectConfig; readonly problems: readonly Problem[] }> {
  const root = resolve(paths.root ?? '.')
  const reader = new ProjectReader(root, environment)
  const file = resolve(root, paths.config ?? 'config.yml')
  const tree = withTemplate(await reader.configTree(file))
  const written = readConfig(tree, reader.shown(file), tree === null ? new Problems() : reader.problems)
  const aged = translateProject({ config: written, tree, domain: null, hasMarkdown: false })
  const { config } = aged
  const { problems } = reader
  problems.all.push(...(await checkComponents(config, root, false)))
  return { config, problems: problems.all }
}

function listOf(paths: string | readonly string[]): readonly string[] {
  return typeof paths === 'string' ? [paths] : paths
}
