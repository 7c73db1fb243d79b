// Projects in temporary folders, for tests that read, train and load.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { ProjectError } from '@tabula/protocol'
import { formatProblem } from '@tabula/protocol'
import { readProject, type Project, type ProjectPaths } from '../src/index.ts'

/** Files by path; null takes one of the tiny bot's away. */
export type Files = Readonly<Record<string, string | null>>

/** A bot that greets, says goodbye, and answers one kind of question: no component of it takes long to train. */
export const TINY_BOT: Readonly<Record<string, string>> = {
  'config.yml': `recipe: default.v1
assistant_id: tiny
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: KeywordIntentClassifier
  - name: EntitySynonymMapper
policies:
  - name: MemoizationPolicy
    max_history: 3
  - name: RulePolicy
`,
  'domain.yml': `version: "3.1"
intents:
  - greet
  - goodbye
entities:
  - city
slots:
  city:
    type: text
    mappings:
      - type: from_entity
        entity: city
responses:
  utter_greet:
    - text: "Hello!"
  utter_goodbye:
    - text: "Goodbye!"
`,
  'data/nlu.yml': `version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - good morning
  - intent: goodbye
    examples: |
      - bye
      - see you in [Rome](city)
`,
  'data/rules.yml': `version: "3.1"
rules:
  - rule: say goodbye
    steps:
      - intent: goodbye
      - action: utter_goodbye
`,
  'data/stories.yml': `version: "3.1"
stories:
  - story: greet
    steps:
      - intent: greet
      - action: utter_greet
`,
}

/** A folder with the tiny bot, the given files laid over it; it goes when the test ends. */
export async function tinyBot(t: ExecutionContext, files: Files = {}): Promise<string> {
  return projectFolder(t, { ...TINY_BOT, ...files })
}

export async function projectFolder(t: ExecutionContext, files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'tabula-project-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  await writeFiles(root, files)
  return root
}

export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    if (text === null) await rm(file, { force: true })
    else await writeFile(file, text)
  }
}

/** The tiny bot with the given files, read. */
export async function readTinyBot(t: ExecutionContext, files: Files = {}): Promise<Project> {
  return readProject({ root: await tinyBot(t, files) })
}

/** The complaints of a project, one a line: those that it is read with, or those that reading ends with. */
export async function complaints(paths: ProjectPaths): Promise<string[]> {
  try {
    return (await readProject(paths)).problems.map(formatProblem)
  } catch (error) {
    if (error instanceof ProjectError) return error.problems.map(formatProblem)
    throw error
  }
}
