// A Rasa project as it stands: config, domain, NLU data, stories and rules; all that is wrong is reported in one go.

import { resolve } from 'node:path'
import { checkPolicies, type StoryData } from '@tabula/dialogue'
import { checkPipeline, type NluTrainingData } from '@tabula/nlu'
import type { DomainJson, Problem, ResponseVariation, SourcePosition } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import { completeDomain } from './complete-domain.ts'
import { filesBelow, readText, shown } from './files.ts'
import { type ProjectConfig, readConfig } from './read-config.ts'
import { DOMAIN_KEYS, readDomain } from './read-domain.ts'
import { looksLikeNlu, readJsonNlu } from './read-json-nlu.ts'
import { distinctExamples, type NluParts, type ReadLookupFile, readNlu } from './read-nlu.ts'
import { readResponses } from './read-responses.ts'
import { readStories } from './read-stories.ts'
import { readYaml } from './read-yaml.ts'
import { acceptsVersion } from './training-version.ts'
import { entryAt, Problems, type YamlNode } from './yaml-node.ts'

/** Where the parts of a project lie; relative paths start at the root. */
export interface ProjectPaths {
  /** Default: the current folder. */
  readonly root?: string
  readonly config?: string
  readonly domain?: string | readonly string[]
  readonly data?: string | readonly string[]
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
  /** Every file that was read, absolute. */
  readonly files: readonly string[]
  /** Warnings of reading; errors are thrown. */
  readonly problems: readonly Problem[]
  /** Where a part of the domain is written, such as `['intents', 'greet']`; null where no domain was read. */
  readonly placeInDomain: (path: readonly (string | number)[]) => SourcePosition | null
}

const YAML = ['.yml', '.yaml']
const JSON_FILE = '.json'

interface TrainingData {
  readonly parts: NluParts
  readonly stories: readonly StoryData[]
  readonly responses: ReadonlyMap<string, readonly ResponseVariation[]>
}

/** The project; throws ProjectError with all errors and warnings of all its files. A missing config is an error, a missing domain a warning, missing data neither. */
export async function readProject(
  paths: ProjectPaths = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Project> {
  const root = resolve(paths.root ?? '.')
  const reader = new ProjectReader(root, environment)
  const config = await reader.config(resolve(root, paths.config ?? 'config.yml'))
  const domainRoots = await reader.trees(listOf(paths.domain ?? 'domain.yml'))
  const { problems } = reader
  const read = readDomain(
    domainRoots.filter(tree => DOMAIN_KEYS.some(key => entryAt(tree, key) !== undefined)),
    problems,
  )
  if (domainRoots.length === 0)
    problems.warn(
      'domain.missing',
      { file: shown(root, resolve(root, listOf(paths.domain ?? 'domain.yml')[0] ?? '')), line: 1, column: 1 },
      'There is no domain; without one there is no dialogue.',
      'Write domain.yml, or name it with --domain.',
    )
  const data = await reader.trainingData(listOf(paths.data ?? 'data'), config.language)
  if (problems.all.some(problem => problem.severity === 'error')) throw new ProjectError(problems.all)
  const domain = completeDomain(read.json, data.parts, data.responses, data.stories)
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
    stories: data.stories,
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
  const config = await reader.config(resolve(root, paths.config ?? 'config.yml'))
  return { config, problems: reader.problems.all }
}

class ProjectReader {
  readonly problems = new Problems()
  readonly files: string[] = []
  readonly #root: string
  readonly #environment: Readonly<Record<string, string | undefined>>

  constructor(root: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#root = root
    this.#environment = environment
  }

  async config(file: string): Promise<ProjectConfig> {
    const name = shown(this.#root, file)
    const text = await readText(file)
    if (text === null) {
      this.problems.error(
        'config.missing',
        { file: name, line: 1, column: 1 },
        'There is no config.',
        'Write config.yml, or name it with --config.',
      )
      return readConfig(null, name, new Problems())
    }
    this.files.push(file)
    const config = readConfig(readYaml(text, name, this.problems, this.#environment), name, this.problems)
    const { pipeline, policies, language } = config
    this.problems.all.push(...checkPipeline(pipeline, language), ...checkPolicies(policies))
    return config
  }

  /** The trees of all YAML files below the paths; a file named twice is read once. */
  async trees(paths: readonly string[]): Promise<YamlNode[]> {
    const trees: YamlNode[] = []
    for (const file of await this.#filesBelow(paths, YAML)) {
      const tree = await this.#tree(file)
      if (tree !== null) trees.push(tree)
    }
    return trees
  }

  /** What all files below the paths add up to. */
  async trainingData(
    paths: readonly string[],
    language: string,
    isWanted: (file: string) => boolean = () => true,
  ): Promise<TrainingData> {
    const parts: NluParts = { examples: [], synonyms: new Map(), regexes: [], lookups: [] }
    const stories: StoryData[] = []
    const responses = new Map<string, readonly ResponseVariation[]>()
    for (const file of await this.#filesBelow(paths, [...YAML, JSON_FILE])) {
      if (!isWanted(file)) continue
      const isJson = file.endsWith(JSON_FILE)
      const tree = await this.#tree(file, isJson ? looksLikeNlu : undefined)
      if (tree === null) continue
      if (isJson) {
        await readJsonNlu(tree, parts, this.problems, {
          lookup: this.#lookup,
          neighbour: ending => this.#tree(file.replace(/\.json$/, `_${ending}_${language}.json`)),
        })
        continue
      }
      if (!acceptsVersion(tree, this.problems)) continue
      await readNlu(tree, parts, this.problems, this.#lookup)
      stories.push(...readStories(tree, this.problems))
      for (const [name, variations] of readResponses(tree, this.problems)) responses.set(name, variations)
    }
    return { parts, stories, responses }
  }

  async #filesBelow(paths: readonly string[], endings: readonly string[]): Promise<Set<string>> {
    const found = await Promise.all(paths.map(path => filesBelow(resolve(this.#root, path), endings)))
    return new Set(found.flat())
  }

  /** null where the file is missing, empty, cannot be read, or is not wanted. */
  async #tree(file: string, isWanted: (text: string) => boolean = () => true): Promise<YamlNode | null> {
    const text = await readText(file)
    if (text === null || !isWanted(text)) return null
    this.files.push(file)
    return readYaml(text, shown(this.#root, file), this.problems, this.#environment)
  }

  readonly #lookup: ReadLookupFile = async (name, from) =>
    (await readText(resolve(this.#root, name))) ?? readText(resolve(this.#root, from, '..', name))
}

function listOf(paths: string | readonly string[]): readonly string[] {
  return typeof paths === 'string' ? [paths] : paths
}
