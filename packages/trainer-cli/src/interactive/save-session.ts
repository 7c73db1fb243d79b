// Writes what a session has taught into the project's files: stories, examples and new names, at their places.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import {
  addNluData,
  domainAdditions,
  examplesOfEvents,
  insertEntries,
  type Project,
  storyLines,
  storyOfEvents,
} from '@tabula/model'
import type { Problem, TrackerEvent } from '@tabula/protocol'
import { colorsOf, type Console } from '../console.ts'
import { showProblems } from '../output/show-problems.ts'
import { writeFiles } from '../output/write-files.ts'
import type { Asking } from '../chat/asking.ts'
import type { Recorded } from './session.ts'

export interface SaveTargets {
  readonly stories: string
  readonly nlu: string
  readonly domain: string
}

/** Asks for the files, shows what comes into them, and writes. False where there was nothing, or it was not wanted. */
export async function saveSession(
  recorded: Recorded,
  project: Project,
  usual: SaveTargets,
  {
    asking,
    console,
    endToEnd,
  }: { readonly asking: Asking; readonly console: Console; readonly endToEnd: boolean },
): Promise<boolean> {
  const conversations = distinct(recorded.conversations).filter(isTold)
  if (conversations.length === 0) {
    asking.say('Nothing was said, so there is nothing to write.')
    return false
  }
  const targets: SaveTargets = {
    stories: await askFile(asking, 'Export stories to (they are appended)', usual.stories),
    nlu: await askFile(asking, 'Export NLU data to (for intents that no file has yet)', usual.nlu),
    domain: await askFile(asking, 'Export domain to (new names are added)', usual.domain),
  }
  const { writes, problems } = await changesOf(conversations, recorded, project, targets, endToEnd)
  showProblems(problems, project.root, console)
  for (const [file, text] of writes)
    for (const line of await addedLines(resolve(project.root, file), text))
      asking.say(line.startsWith('+') ? colorsOf(console).green(line) : line.replace('=', file))
  if (!(await asking.confirm('Write this?'))) return false
  await writeFiles(project.root, writes)
  asking.say(`Written: ${[...writes.keys()].join(', ')}.`)
  return true
}

async function changesOf(
  conversations: readonly (readonly TrackerEvent[])[],
  { responses, messages }: Recorded,
  project: Project,
  targets: SaveTargets,
  endToEnd: boolean,
): Promise<{ readonly writes: ReadonlyMap<string, string>; readonly problems: readonly Problem[] }> {
  const { root } = project
  const writes = new Map<string, string>()
  const textOf = async (file: string): Promise<string> =>
    writes.get(file) ?? (await readFile(resolve(root, file), 'utf8').catch(() => ''))
  const names = freeNames(project, conversations.length)
  const stories = conversations.map((events, index) =>
    storyLines(storyOfEvents(events, names[index] ?? '', { endToEnd })),
  )
  const storyFile = shownIn(root, targets.stories)
  const section = { key: 'stories', kind: 'list' } as const
  writes.set(storyFile, await insertEntries(await textOf(storyFile), storyFile, section, stories))
  const learned = { ...NO_DATA, examples: examplesOfEvents(messages) }
  // What is added to one file twice is added to its newest text.
  const nlu = await addNluData(project, learned, { to: targets.nlu, texts: writes })
  for (const [file, text] of nlu.writes) writes.set(file, text)
  const domainFile = shownIn(root, targets.domain)
  for (const { key, kind, entries } of domainAdditions(
    [...conversations.flat(), ...messages],
    responses,
    project.domain,
  ))
    writes.set(domainFile, await insertEntries(await textOf(domainFile), domainFile, { key, kind }, entries))
  return { writes, problems: nlu.problems }
}

const NO_DATA = { synonyms: new Map<string, string>(), regexes: [], lookups: [], responses: new Map() }

async function askFile(asking: Asking, question: string, usual: string): Promise<string> {
  for (;;) {
    const answer = await asking.text(`${question} [${usual}]:`)
    const file = answer === '' ? usual : answer
    if (/\.(ya?ml|md)$/.test(file)) return file
    asking.say("Please name a YAML file, such as 'data/stories.yml'.")
  }
}

function shownIn(root: string, file: string): string {
  return relative(root, resolve(root, file))
}

/** Conversations in which a message was said. */
function isTold(events: readonly TrackerEvent[]): boolean {
  return events.some(({ event }) => event === 'user')
}

/** A fork repeats the beginning of what it left; one that has nothing of its own is no story. */
function distinct(conversations: readonly (readonly TrackerEvent[])[]): (readonly TrackerEvent[])[] {
  const texts = conversations.map(events => JSON.stringify(storyOfEvents(events, '').steps).slice(0, -1))
  return conversations.filter((_, index) =>
    texts.every((text, other) => {
      if (other === index || !text.startsWith(texts[index] ?? '')) return true
      return text === texts[index] && other > index
    }),
  )
}

/** `interactive_story_N`, counted on from those that the project has. */
function freeNames({ stories }: Project, count: number): string[] {
  const taken = stories.map(({ name }) => Number(/^interactive_story_(\d+)$/.exec(name)?.[1] ?? 0))
  const first = Math.max(0, ...taken) + 1
  return Array.from({ length: count }, (_, index) => `interactive_story_${first + index}`)
}

/** The lines that the text has more than the file, each with a plus, below a line with the file's name. */
async function addedLines(file: string, text: string): Promise<string[]> {
  const before = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : []
  const added: string[] = []
  let next = 0
  // Only ever added to: what is not the next line of before is new.
  for (const line of text.split('\n')) {
    if (line === before[next]) next += 1
    else added.push(`+ ${line}`)
  }
  return added.length === 0 ? [] : ['=:', ...added]
}
