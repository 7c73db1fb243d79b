// Stories as Markdown, the form of Rasa 1: `## name`, `* intent{"entity": "value"}`, `- action`, `- slot{…}`, `> checkpoint`.

import type { SlotStep, StoryData, StoryStep, UserStep } from '@tabula/dialogue'
import { codePointOffsets } from '@tabula/nlu'
import { type JsonValue, parseExactJson, type SourcePosition } from '@tabula/protocol'
import { readAnnotations } from '../project/annotations.ts'
import type { Problems } from '../project/yaml-node.ts'
import { type MarkdownLine, markdownLines } from './markdown-lines.ts'

/** Names that have changed since. */
const RENAMED: Readonly<Record<string, string>> = { action_deactivate_form: 'action_deactivate_loop' }

interface Draft {
  readonly name: string
  readonly position: SourcePosition
  readonly steps: StoryStep[]
}

/** The file's stories. */
export function readMarkdownStories(text: string, file: string, problems: Problems): StoryData[] {
  const drafts: Draft[] = []
  for (const line of markdownLines(text, file)) {
    if (line.text.startsWith('#')) {
      const name = line.text.replace(/^[#\s]+|[#\s]+$/g, '')
      drafts.push({ name, position: line.position, steps: [] })
      continue
    }
    const draft = drafts.at(-1)
    if (draft === undefined)
      problems.error(
        'markdown.before-story',
        line.position,
        'A line stands before the first story.',
        'Begin a story with `## name`.',
      )
    else draft.steps.push(...readLine(line, problems))
  }
  return drafts
    .filter(({ steps }) => steps.length > 0)
    .map(({ name, position, steps }) => ({ kind: 'story', name, steps, position }))
}

function readLine({ text, position }: MarkdownLine, problems: Problems): StoryStep[] {
  // What a form did by itself was written down in interactive learning; it is no part of the story.
  if (/^[*-]\s*form:\s/.test(text)) return []
  const content = text.slice(1).trim()
  if (text.startsWith('*')) return readMessage(content, position, problems)
  if (text.startsWith('>')) return readCheckpoint(content, position, problems)
  if (text.startsWith('-')) return readAction(content, position, problems)
  problems.warn(
    'markdown.line',
    position,
    `The line "${text.slice(0, 60)}" is no step of a story; it is left out.`,
  )
  return []
}

function readMessage(content: string, position: SourcePosition, problems: Problems): StoryStep[] {
  const alternatives = content.split(/\sOR\s/).map(each => readUser(each.trim(), position, problems))
  const [only] = alternatives
  return alternatives.length === 1 && only !== undefined ? [only] : [{ kind: 'or', alternatives, position }]
}

/** `intent`, `intent{"entity": "value"}`, or with the words of a test story behind: `intent: some [words](entity)`. */
function readUser(content: string, position: SourcePosition, problems: Problems): UserStep {
  const spoken = /^([^\s{}:]+):\s+(.+)$/.exec(content)
  if (spoken !== null) return userWithWords(spoken[1] ?? '', spoken[2] ?? '', position, problems)
  const { name, parameters } = parts(content, position, problems)
  return {
    kind: 'user',
    intent: name.replace(/^\//, ''),
    entities: Object.entries(parameters).flatMap(([entity, value]) =>
      (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map(each => ({
        entity,
        value: each,
      })),
    ),
    position,
  }
}

function userWithWords(
  intent: string,
  words: string,
  position: SourcePosition,
  problems: Problems,
): UserStep {
  if (words.startsWith('/')) {
    const { parameters } = parts(words.slice(1), position, problems)
    const entities = Object.entries(parameters).map(([entity, value]) => ({ entity, value }))
    return { kind: 'user', intent, text: words, entities, position }
  }
  const { text, entities, faults } = readAnnotations(words)
  for (const { message } of faults) problems.error('stories.annotation', position, message)
  const pointOf = codePointOffsets(text)
  return {
    kind: 'user',
    intent,
    text,
    entities: entities.map(({ start, end, ...rest }) => ({
      ...rest,
      start: pointOf(start),
      end: pointOf(end),
    })),
    position,
  }
}

function readCheckpoint(content: string, position: SourcePosition, problems: Problems): StoryStep[] {
  const { name, parameters } = parts(content, position, problems)
  const slots = Object.entries(parameters).map(([slot, value]): SlotStep => ({
    kind: 'slot',
    name: slot,
    value,
    position,
  }))
  return [{ kind: 'checkpoint', name, slots, position }]
}

function readAction(content: string, position: SourcePosition, problems: Problems): StoryStep[] {
  const { name, parameters, hasParameters } = parts(content, position, problems)
  if (name === 'slot')
    return Object.entries(parameters).map(([slot, value]): SlotStep => ({
      kind: 'slot',
      name: slot,
      value,
      position,
    }))
  if (name === 'form' || name === 'active_loop') {
    const form = parameters['name'] ?? null
    return [{ kind: 'active_loop', name: typeof form === 'string' ? form : null, position }]
  }
  // Reminders and the like: events that say nothing about what comes next.
  if (hasParameters) return []
  return [{ kind: 'action', name: RENAMED[name] ?? name, position }]
}

interface Parts {
  readonly name: string
  readonly parameters: Readonly<Record<string, JsonValue>>
  readonly hasParameters: boolean
}

/** A name and the JSON behind it. */
function parts(content: string, position: SourcePosition, problems: Problems): Parts {
  const [, name = '', json] = /^([^{]*)(\{.*)?$/.exec(content) ?? []
  const nothing = { name: name.trim(), parameters: {}, hasParameters: json !== undefined }
  if (json === undefined) return nothing
  try {
    const value = parseExactJson(json) as JsonValue
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ...nothing, parameters: value as Readonly<Record<string, JsonValue>> }
  } catch {
    // Said below.
  }
  problems.error(
    'markdown.json',
    position,
    `Behind '${name.trim()}' stands ${json}, which is no JSON object.`,
    'Write it as {"name": "value"}.',
  )
  return nothing
}
