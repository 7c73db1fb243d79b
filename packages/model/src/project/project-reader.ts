// Reads the files of a project, one kind after the other, and collects all that is wrong in them.

import { resolve } from 'node:path'
import type { StoryData } from '@tabula/dialogue'
import type { ResponseVariation } from '@tabula/protocol'
import { kindOfMarkdown } from '../ages/markdown-lines.ts'
import { readMarkdownNlu } from '../ages/read-markdown-nlu.ts'
import { readMarkdownResponses } from '../ages/read-markdown-responses.ts'
import { readMarkdownStories } from '../ages/read-markdown-stories.ts'
import { filesBelow, readText, shown } from './files.ts'
import { looksLikeNlu, readJsonNlu } from './read-json-nlu.ts'
import { type NluParts, type ReadLookupFile, readNlu } from './read-nlu.ts'
import { readResponses } from './read-responses.ts'
import { readStories } from './read-stories.ts'
import { readYaml } from './read-yaml.ts'
import { acceptsVersion } from './training-version.ts'
import { Problems, type YamlNode } from './yaml-node.ts'

const YAML = ['.yml', '.yaml']
const JSON_FILE = '.json'
const MARKDOWN = '.md'

export interface TrainingData {
  readonly parts: NluParts
  readonly stories: readonly StoryData[]
  readonly responses: ReadonlyMap<string, readonly ResponseVariation[]>
  /** Whether any of it was written for Rasa 1. */
  readonly hasMarkdown: boolean
}

export class ProjectReader {
  readonly problems = new Problems()
  readonly files: string[] = []
  readonly #root: string
  readonly #environment: Readonly<Record<string, string | undefined>>

  constructor(root: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#root = root
    this.#environment = environment
  }

  /** The tree of the config; null, with a complaint, where it is missing. */
  async configTree(file: string): Promise<YamlNode | null> {
    const text = await readText(file)
    if (text === null) {
      this.problems.error(
        'config.missing',
        { file: this.shown(file), line: 1, column: 1 },
        'There is no config.',
        'Write config.yml, or name it with --config.',
      )
      return null
    }
    this.files.push(file)
    return readYaml(text, this.shown(file), this.problems, this.#environment)
  }

  /** The path as complaints name it. */
  shown(file: string): string {
    return shown(this.#root, file)
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
    let hasMarkdown = false
    for (const file of await this.#filesBelow(paths, [...YAML, JSON_FILE, MARKDOWN])) {
      if (!isWanted(file)) continue
      if (file.endsWith(MARKDOWN)) {
        if (await this.#markdown(file, parts, stories, responses)) hasMarkdown = true
        continue
      }
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
    return { parts, stories, responses, hasMarkdown }
  }

  /** Reads a file of Rasa 1; false where it is some other Markdown. */
  async #markdown(
    file: string,
    parts: NluParts,
    stories: StoryData[],
    responses: Map<string, readonly ResponseVariation[]>,
  ): Promise<boolean> {
    const text = (await readText(file)) ?? ''
    const kind = kindOfMarkdown(text)
    if (kind === null) return false
    this.files.push(file)
    const name = this.shown(file)
    if (kind === 'nlu') await readMarkdownNlu(text, name, parts, this.problems, this.#lookup)
    else if (kind === 'stories') stories.push(...readMarkdownStories(text, name, this.problems))
    else
      for (const [response, variations] of readMarkdownResponses(text, name))
        responses.set(response, variations)
    return true
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
    return readYaml(text, this.shown(file), this.problems, this.#environment)
  }

  readonly #lookup: ReadLookupFile = async (name, from) =>
    (await readText(resolve(this.#root, name))) ?? readText(resolve(this.#root, from, '..', name))
}
