// The files of a project of Rasa 1 or 2 as Rasa 3 has them: what to write, and what that takes the place of.

import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import type { StoryData } from '@tabula/dialogue'
import type { JsonObject, Problem } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import { filesBelow, readText } from '../project/files.ts'
import { ProjectReader } from '../project/project-reader.ts'
import { readConfig } from '../project/read-config.ts'
import { DOMAIN_KEYS, mergeDomains } from '../project/read-domain.ts'
import { distinctExamples } from '../project/read-nlu.ts'
import type { ProjectPaths } from '../project/read-project.ts'
import { entryAt, Problems, toExactJson } from '../project/yaml-node.ts'
import { writeConfigYaml, writeDomainYaml } from '../write/write-domain-yaml.ts'
import { writeNluYaml } from '../write/write-nlu-yaml.ts'
import { writeStoriesYaml } from '../write/write-stories-yaml.ts'
import type { ProjectAge } from './project-age.ts'
import { withTemplate } from './translate-config.ts'
import { translateProject } from './translate-project.ts'

export interface Migration {
  readonly age: ProjectAge
  /** Texts by path from the root; empty for a project of Rasa 3. */
  readonly writes: ReadonlyMap<string, string>
  /** Files that are replaced, by path from the root: those to keep a copy of. */
  readonly replaced: readonly string[]
  /** What was translated. */
  readonly problems: readonly Problem[]
}

/** Where rules go that say what policies did. */
const RULES_FILE = 'rules_of_policies.yml'

/** The migration; nothing is written here. Throws ProjectError where a file cannot be read. */
export async function migrateProject(
  paths: ProjectPaths = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Migration> {
  const root = resolve(paths.root ?? '.')
  const reader = new ProjectReader(root, environment)
  const configFile = resolve(root, paths.config ?? 'config.yml')
  const tree = withTemplate(await reader.configTree(configFile))
  const config = readConfig(tree, reader.shown(configFile), new Problems())
  const domainPath = typeof paths.domain === 'string' ? paths.domain : (paths.domain?.[0] ?? 'domain.yml')
  const dataPaths = typeof paths.data === 'string' ? [paths.data] : (paths.data ?? ['data'])
  const roots = (await reader.trees([domainPath])).filter(each =>
    DOMAIN_KEYS.some(key => entryAt(each, key) !== undefined),
  )
  const merged = mergeDomains(roots, reader.problems)
  const { hasMarkdown } = await reader.trainingData(dataPaths, config.language)
  const errors = reader.problems.all.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new ProjectError(errors)
  const {
    age,
    config: newConfig,
    domain,
    rules,
    problems,
  } = translateProject({ config, tree, domain: merged, hasMarkdown })
  if (age === '3') return { age, writes: new Map(), replaced: [], problems: [] }
  const writes = new Map<string, string>()
  const replaced: string[] = []
  const put = (file: string, text: string, old: string | null = file): void => {
    writes.set(relative(root, file), text)
    if (old !== null) replaced.push(relative(root, old))
  }
  put(configFile, writeConfigYaml(newConfig))
  const domainFiles = await filesBelow(resolve(root, domainPath), ['.yml', '.yaml'])
  if (domain !== null) {
    const [first = resolve(root, domainPath), ...others] = domainFiles
    put(first, writeDomainYaml(toExactJson(domain) as JsonObject))
    replaced.push(...others.map(file => relative(root, file)))
  }
  for (const path of dataPaths) await migrateData(resolve(root, path), reader, put)
  if (rules.length > 0)
    put(join(resolve(root, dataPaths[0] ?? 'data'), RULES_FILE), writeStoriesYaml(rules), null)
  return { age, writes, replaced, problems }
}

/** Markdown becomes YAML of the same name; YAML gets the version of Rasa 3 and stays as it is otherwise. */
async function migrateData(
  folder: string,
  reader: ProjectReader,
  put: (file: string, text: string, old?: string | null) => void,
): Promise<void> {
  const taken = new Set(await filesBelow(folder, ['.yml', '.yaml']))
  for (const file of taken) {
    const text = (await readText(file)) ?? ''
    const raised = text.replace(/^(version:\s*)(["']?)[12](\.\d+)?\2\s*$/m, '$1"3.1"')
    if (raised !== text) put(file, raised)
  }
  for (const file of await filesBelow(folder, ['.md'])) {
    const { parts, stories, responses } = await reader.trainingData([file], 'en')
    const text = textOf({ ...parts, examples: distinctExamples(parts.examples), responses }, stories)
    if (text === null) continue
    const base = join(dirname(file), basename(file, extname(file)))
    const target = taken.has(`${base}.yml`) ? `${base}_migrated.yml` : `${base}.yml`
    taken.add(target)
    put(target, text, file)
  }
}

function textOf(nlu: Parameters<typeof writeNluYaml>[0], stories: readonly StoryData[]): string | null {
  if (stories.length > 0) return writeStoriesYaml(stories)
  const { examples, synonyms, regexes, lookups, responses } = nlu
  const isEmpty = examples.length + synonyms.size + regexes.length + lookups.length + responses.size === 0
  return isEmpty ? null : writeNluYaml(nlu)
}
