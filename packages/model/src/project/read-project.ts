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
import { type NluParts, readNlu } from './read-nlu.ts'
import { readStories } from './read-stories.ts'
import { readYaml } from './read-yaml.ts'
import { acceptsVersion } from './training-version.ts'
import { entryAt, mapToJson, Problems, type YamlNode } from './yaml-node.ts'

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
  /** Every file that was read, absolute. */
  readonly files: readonly string[]
  /** Warnings of reading; errors are thrown. */
  readonly problems: readonly Problem[]
  /** Where a part of the domain is written, such as `['intents', 'greet']`; null where no domain was read. */
  placeInDomain(path: readonly (string | number)[]): SourcePosition | null
}

const YAML = ['.yml', '.yaml']

/** The project; throws ProjectError with all errors and warnings of all its files. A missing config or domain is an error, missing data is not. */
export async function readProject(
  paths: ProjectPaths = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Project> {
  const root = resolve(paths.root ?? '.')
  const reader = new ProjectReader(root, environment)
  const config = await reader.config(resolve(root, paths.config ?? 'config.yml'))
  const domainRoots = await reader.trees(
    listOf(paths.domain ?? 'domain.yml').map(path => resolve(root, path)),
  )
  const dataRoots = await reader.trees(listOf(paths.data ?? 'data').map(path => resolve(root, path)))
  const { problems } = reader
  const read = readDomain(
    domainRoots.filter(tree => DOMAIN_KEYS.some(key => entryAt(tree, key) !== undefined)),
    problems,
  )
  if (domainRoots.length === 0 && problems.all.every(problem => problem.severity !== 'error'))
    problems.error(
      'domain.missing',
      { file: shown(root, resolve(root, listOf(paths.domain ?? 'domain.yml')[0] ?? '')), line: 1, column: 1 },
      'There is no domain.',
      'Write domain.yml, or name it with --domain.',
    )
  const parts: NluParts = { examples: [], synonyms: new Map(), regexes: [], lookups: [] }
  const stories: StoryData[] = []
  const nluResponses = new Map<string, readonly ResponseVariation[]>()
  for (const tree of dataRoots) {
    if (!acceptsVersion(tree, problems)) continue
    await readNlu(
      tree,
      parts,
      problems,
      async (name, from) =>
        (await readText(resolve(root, name))) ?? readText(resolve(root, from, '..', name)),
    )
    stories.push(...readStories(tree, problems))
    for (const [name, variations] of responsesOf(tree)) nluResponses.set(name, variations)
  }
  problems.all.push(...checkPipeline(config.pipeline, config.language), ...checkPolicies(config.policies))
  if (problems.all.some(problem => problem.severity === 'error')) throw new ProjectError(problems.all)
  const domain = completeDomain(read.json, parts, nluResponses, stories)
  const retrieval = Object.entries(domain.responses ?? {}).filter(([name]) => name.includes('/'))
  return {
    root,
    config,
    domain,
    nlu: { ...parts, responses: new Map(retrieval) },
    stories,
    files: reader.files,
    problems: problems.all,
    placeInDomain: path => read.place(path),
  }
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
    return readConfig(readYaml(text, name, this.problems, this.#environment), name, this.problems)
  }

  /** The trees of all YAML files below the paths; a file named twice is read once. */
  async trees(paths: readonly string[]): Promise<YamlNode[]> {
    const files = new Set((await Promise.all(paths.map(path => filesBelow(path, YAML)))).flat())
    const trees: YamlNode[] = []
    for (const file of files) {
      const text = await readText(file)
      if (text === null) continue
      this.files.push(file)
      const tree = readYaml(text, shown(this.#root, file), this.problems, this.#environment)
      if (tree !== null) trees.push(tree)
    }
    return trees
  }
}

function listOf(paths: string | readonly string[]): readonly string[] {
  return typeof paths === 'string' ? [paths] : paths
}

/** Responses that stand beside NLU data: those of retrieval intents. */
function responsesOf(tree: YamlNode): [string, readonly ResponseVariation[]][] {
  const entry = entryAt(tree, 'responses')
  if (entry?.value.kind !== 'map') return []
  return Object.entries(mapToJson(entry.value)) as unknown as [string, readonly ResponseVariation[]][]
}
