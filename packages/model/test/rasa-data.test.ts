// Holds the readers against what Rasa 3.6.21 reads in its own fixtures, file by file.

import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { Domain } from '@tabula/dialogue'
import { readDomain } from '../src/project/read-domain.ts'
import { readJsonNlu } from '../src/project/read-json-nlu.ts'
import { distinctExamples, type NluParts, readNlu } from '../src/project/read-nlu.ts'
import { readResponses } from '../src/project/read-responses.ts'
import { readStories } from '../src/project/read-stories.ts'
import { readYaml } from '../src/project/read-yaml.ts'
import { Problems, type YamlNode } from '../src/project/yaml-node.ts'
import { cutStories } from './cut-stories.ts'

const FOLDER = join(import.meta.dirname, '../../../../shared/rasa-data')
const VERDICTS = join(FOLDER, 'verdicts.json')

interface Verdict {
  readonly yaml?: 'error'
  readonly domain?: Readonly<Record<string, unknown>>
  readonly nlu?: Readonly<Record<string, unknown>>
  readonly stories?: Readonly<Record<string, unknown>>
}

/** Verdicts that are not about reading. */
const APART: Readonly<Record<string, string>> = {
  'test_yaml_stories/story_with_slot_was_set.yml': 'its slot is in no domain, which training says',
}

const verdicts: Readonly<Record<string, Verdict>> = existsSync(VERDICTS)
  ? (JSON.parse(readFileSync(VERDICTS, 'utf8')) as Readonly<Record<string, Verdict>>)
  : {}

function open(path: string, text: string): { tree: YamlNode | null; problems: Problems } {
  const problems = new Problems()
  return { tree: readYaml(text, path, problems, {}), problems }
}

function errorsOf({ all }: Problems): string[] {
  return all.flatMap(({ severity, code, message }) => (severity === 'error' ? [`${code} ${message}`] : []))
}

if (!existsSync(VERDICTS)) test.skip("Rasa's own fixtures are read as Rasa reads them", () => undefined)

for (const [path, verdict] of Object.entries(verdicts)) {
  if (path in APART) continue
  test(`a bot whose files look like ${path} is read as Rasa reads it`, async t => {
    const text = await readFile(join(FOLDER, path), 'utf8')
    const { tree, problems } = open(path, text)
    if (verdict.yaml === 'error') {
      t.not(errorsOf(problems).length, 0)
      return
    }
    t.deepEqual(errorsOf(problems), [])
    if (tree === null) {
      t.fail('it is empty')
      return
    }
    if (verdict.domain !== undefined) {
      const found = new Problems()
      const { json } = readDomain([tree], found)
      if (verdict.domain['error'] === undefined) {
        t.deepEqual(errorsOf(found), [])
        t.deepEqual(domainAsRasaHasIt(Domain.fromJson(json)), verdict.domain)
      } else t.not(errorsOf(found).length, 0)
    }
    if (verdict.nlu !== undefined) t.like(await nluAsRasaHasIt(path, tree), verdict.nlu)
    if (verdict.stories !== undefined) {
      const found = new Problems()
      const stories = readStories(tree, found)
      if (verdict.stories['error'] === undefined) {
        t.deepEqual(cutStories(stories), verdict.stories)
        t.deepEqual(errorsOf(found), [])
      } else t.not(errorsOf(found).length, 0)
    }
  })
}

function domainAsRasaHasIt(domain: Domain): unknown {
  return {
    intents: [...domain.intents.keys()].toSorted(),
    entities: [...domain.entities.keys()].toSorted(),
    slots: [...domain.slots.keys()].toSorted(),
    actions: domain.actions,
    forms: [...domain.forms.keys()].toSorted(),
    responses: [...domain.responses.keys()].toSorted(),
    session: [domain.sessionConfig.expirationMinutes, domain.sessionConfig.carryOverSlots],
  }
}

async function nluAsRasaHasIt(path: string, tree: YamlNode): Promise<unknown> {
  const found = new Problems()
  const parts: NluParts = { examples: [], synonyms: new Map(), regexes: [], lookups: [] }
  const lookup = (name: string): Promise<string | null> =>
    readFile(join(FOLDER, name.replace(/^data\//, '')), 'utf8').catch(() => null)
  if (path.endsWith('.json'))
    await readJsonNlu(tree, parts, found, {
      lookup,
      neighbour: async ending => {
        const file = join(FOLDER, path.replace('.json', `_${ending}_en.json`))
        return open(file, await readFile(file, 'utf8')).tree
      },
    })
  else await readNlu(tree, parts, found, lookup)
  const examples = distinctExamples(parts.examples)
  const entities = examples.flatMap(example => example.entities)
  const distinct = (values: readonly (string | undefined)[]): string[] =>
    [...new Set(values.filter(value => value !== undefined))].toSorted()
  return {
    examples: examples.length,
    intents: distinct(examples.map(example => example.intent)),
    entityExamples: examples.filter(example => example.entities.length > 0).length,
    entities: distinct(entities.map(({ entity }) => entity)),
    roles: distinct(entities.map(({ role }) => role)),
    groups: distinct(entities.map(({ group }) => group)),
    synonyms: parts.synonyms.size,
    regexes: parts.regexes.length,
    lookups: parts.lookups.map(({ name, elements }) => [name, elements.length]),
    responses: readResponses(tree, found)
      .map(([name]) => name)
      .toSorted(),
  }
}
