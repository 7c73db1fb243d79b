// What a file of new examples means for the NLU files of a project: which lines go where, and which are there already.

import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { NluExample, NluTrainingData } from '@tabula/nlu'
import type { Problem } from '@tabula/protocol'
import type { Project } from '../project/read-project.ts'
import { addableItems, addExamples, type NluAddition } from './add-examples.ts'
import { annotate } from './annotate.ts'
import { bySynonym } from './write-nlu-yaml.ts'

export interface NluChange {
  /** New texts of files, by their paths from the project's folder. */
  readonly writes: ReadonlyMap<string, string>
  /** What is added, by file. */
  readonly added: readonly (NluAddition & { readonly file: string })[]
  /** What the project has already, in words. */
  readonly known: readonly string[]
  /** What contradicts the project: it is left out. */
  readonly problems: readonly Problem[]
}

export interface AddOptions {
  /** The file for new items; default: the project's first NLU file. */
  readonly to?: string
  /** Texts that files are to have, by their paths from the project's folder, where that is known better than by reading. */
  readonly texts?: ReadonlyMap<string, string>
}

/** The project's files with the data added; nothing is written. */
export async function addNluData(
  project: Pick<Project, 'root' | 'nlu' | 'files'>,
  data: NluTrainingData,
  { to, texts: newest = new Map<string, string>() }: AddOptions = {},
): Promise<NluChange> {
  const news = whatIsNew(project.nlu, data)
  const candidates = project.files.filter(file => /\.(ya?ml|md)$/.test(file))
  const texts = new Map<string, string>()
  const placeOf = new Map<string, string>()
  let usual: string | undefined
  for (const path of news.additions.length === 0 ? [] : candidates) {
    const file = relative(project.root, path)
    const text = newest.get(file) ?? (await readFile(path, 'utf8'))
    if (!/^(nlu:|##\s*\w+:)/m.test(text)) continue
    texts.set(file, text)
    if (usual === undefined || (usual.endsWith('.md') && !file.endsWith('.md'))) usual = file
    for (const key of addableItems(text, file)) if (!placeOf.has(key)) placeOf.set(key, file)
  }
  const target =
    to === undefined ? (usual ?? 'data/nlu.yml') : relative(project.root, resolve(project.root, to))
  const added = news.additions.map(addition => ({
    ...addition,
    file: placeOf.get(`${addition.kind} ${addition.name}`) ?? target,
  }))
  const writes = new Map<string, string>()
  for (const [file, own] of Map.groupBy(added, each => each.file)) {
    const text =
      texts.get(file) ??
      newest.get(file) ??
      (await readFile(resolve(project.root, file), 'utf8').catch(() => ''))
    writes.set(file, addExamples(text, file, own))
  }
  return { writes, added, known: news.known, problems: news.problems }
}

interface News {
  readonly additions: readonly NluAddition[]
  readonly known: readonly string[]
  readonly problems: readonly Problem[]
}

function whatIsNew(there: NluTrainingData, data: NluTrainingData): News {
  const known: string[] = []
  const problems: Problem[] = []
  const lines = new Map<string, { kind: NluAddition['kind']; name: string; lines: string[] }>()
  const add = (kind: NluAddition['kind'], name: string, line: string): void => {
    const key = `${kind} ${name}`
    const item = lines.get(key) ?? { kind, name, lines: [] }
    item.lines.push(line)
    lines.set(key, item)
  }
  const byText = new Map(there.examples.map(example => [example.text, example]))
  for (const example of data.examples) {
    const before = byText.get(example.text)
    if (before === undefined) {
      byText.set(example.text, example)
      add('intent', labelOf(example), annotate(example))
    } else if (labelOf(before) !== labelOf(example)) problems.push(otherIntent(example, before))
    else if (annotate(before) === annotate(example)) known.push(`${labelOf(example)}: ${example.text}`)
    else problems.push(otherEntities(example, before))
  }
  const fromExamples = new Set(
    data.examples.flatMap(({ text, entities }) =>
      entities.map(({ start, end, value }) => `${text.slice(start, end)}\n${value}`),
    ),
  )
  for (const [value, words] of bySynonym(data.synonyms))
    for (const word of words) {
      const before = there.synonyms.get(word)
      if (fromExamples.has(`${word}\n${value}`)) continue
      if (before === undefined) add('synonym', value, word)
      else if (before === value) known.push(`synonym ${value}: ${word}`)
      else problems.push(otherValue(word, before, value))
    }
  for (const { name, pattern } of data.regexes)
    if (there.regexes.some(each => each.name === name && each.pattern === pattern))
      known.push(`regex ${name}: ${pattern}`)
    else add('regex', name, pattern)
  for (const { name, elements } of data.lookups) {
    const before = new Set(there.lookups.filter(each => each.name === name).flatMap(each => each.elements))
    for (const element of new Set(elements))
      if (before.has(element)) known.push(`lookup ${name}: ${element}`)
      else add('lookup', name, element)
  }
  return { additions: [...lines.values()], known, problems }
}

function labelOf({ intent, intentResponseKey }: NluExample): string {
  return intentResponseKey ?? intent ?? ''
}

function otherIntent(example: NluExample, before: NluExample): Problem {
  return {
    severity: 'error',
    code: 'add.other-intent',
    message: `"${example.text}" is to mean ${labelOf(example)}, but ${placed(before)} it means ${labelOf(before)}.`,
    ...positionOf(example),
    hint: 'Take it out at one of the two places.',
  }
}

function otherEntities(example: NluExample, before: NluExample): Problem {
  return {
    severity: 'error',
    code: 'add.other-entities',
    message: `"${annotate(example)}" is written "${annotate(before)}" ${placed(before)}.`,
    ...positionOf(example),
    hint: 'Change it there, if the new entities are the right ones.',
  }
}

function otherValue(word: string, before: string, value: string): Problem {
  return {
    severity: 'error',
    code: 'add.other-value',
    message: `"${word}" is to stand for ${value}, but stands for ${before}.`,
    hint: 'Take it out at one of the two places.',
  }
}

function placed({ position }: NluExample): string {
  return position === undefined ? 'in the project' : `at ${position.file}:${position.line}`
}

function positionOf({ position }: NluExample): Pick<Problem, 'position'> {
  return position === undefined ? {} : { position }
}
