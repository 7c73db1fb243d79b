// A conversation as test stories in YAML: GET /conversations/ID/story, and what `bot` writes after an interactive session.

import type { Entity, LoggedEvent, UserUttered } from '@tabula/protocol'
import type { Tracker } from './tracker.ts'
import { dashed, yamlBlock, yamlEntry } from './story-yaml.ts'

const NOT_TOLD = new Set(['action_listen', 'action_unlikely_intent', 'action_session_start', '...'])

/** The last session as a story named after the sender, or with `allSessions` a story a session; `until` is inclusive. */
export function writeStory(
  tracker: Tracker,
  options: { readonly until?: number; readonly allSessions?: boolean } = {},
): string {
  const events = tracker.events.filter(event => event.timestamp <= (options.until ?? Infinity))
  const sessions = options.allSessions === true ? splitSessions(events) : [splitSessions(events).at(-1) ?? []]
  const named = sessions.map((session, index) => ({
    name: sessions.length > 1 ? `${tracker.senderId}, story ${index + 1}` : tracker.senderId,
    session,
  }))
  if (events.length === 0) return 'version: "3.1"\n'
  const stories = named.flatMap(({ name, session }) => dashed(storyLines(name, session)))
  return ['version: "3.1"', 'stories:', ...stories, ''].join('\n')
}

/** The conversation's sessions: each begins with the action that starts it. */
function splitSessions(events: readonly LoggedEvent[]): LoggedEvent[][] {
  const sessions: LoggedEvent[][] = []
  for (const event of events) {
    const starts = event.event === 'action' && event.name === 'action_session_start'
    if (starts || sessions.length === 0) sessions.push([])
    sessions.at(-1)?.push(event)
  }
  return sessions
}

function storyLines(name: string, events: readonly LoggedEvent[]): string[] {
  const steps = events.flatMap((event, index) => {
    const lines = stepLines(event, events[index + 1])
    return lines.length === 0 ? [] : dashed(lines)
  })
  return [
    ...yamlEntry('story', name),
    ...(steps.length === 0 ? ['steps: []'] : ['steps:', ...steps.map(line => (line === '' ? '' : line))]),
  ]
}

function stepLines(event: LoggedEvent, next: LoggedEvent | undefined): string[] {
  switch (event.event) {
    case 'user':
      return userLines(
        event,
        next?.event === 'user_featurization' && next.use_text_for_featurization === true,
      )
    case 'action':
      if (event.name === null) return event.action_text === null ? [] : yamlEntry('bot', event.action_text)
      return NOT_TOLD.has(event.name) ? [] : yamlEntry('action', event.name)
    case 'slot':
      return yamlEntry('slot_was_set', [{ [event.name]: event.value }])
    case 'active_loop':
      return yamlEntry('active_loop', event.name)
    default:
      return []
  }
}

function userLines(event: UserUttered, usesText: boolean): string[] {
  const { intent } = event.parse_data
  const name = intent.full_retrieval_intent_name ?? intent.name ?? null
  return [
    ...(name === null || name === '' || usesText ? [] : yamlEntry('intent', name)),
    ...(event.text === null || event.text === ''
      ? []
      : yamlBlock('user', annotated(event.text, event.parse_data.entities))),
  ]
}

/** The text with its entities in brackets; the JSON of an `/intent{...}` message says them already. */
function annotated(text: string, entities: readonly Entity[]): string {
  if (text.startsWith('/')) return text
  const points = Array.from(text)
  const groups = new Map<number, Entity[]>()
  for (const entity of entities)
    if (entity.start !== undefined && entity.end !== undefined)
      groups.set(entity.start, [...(groups.get(entity.start) ?? []), entity])
  let out = ''
  let position = 0
  for (const [start, group] of [...groups].toSorted(([a], [b]) => a - b)) {
    const end = group[0]?.end ?? start
    const words = points.slice(start, end).join('')
    out += points.slice(position, start).join('') + `[${words}]` + annotation(words, group)
    position = end
  }
  return out + points.slice(position).join('')
}

function annotation(words: string, group: readonly Entity[]): string {
  const [only] = group
  if (group.length > 1 || only === undefined)
    return `[${group.map(entity => attributes(words, entity)).join(', ')}]`
  const plain = only.value === words && only.role === undefined && only.group === undefined
  return plain ? `(${only.entity})` : attributes(words, only)
}

/** As Python's json.dumps writes it: a space after colon and comma. */
function attributes(words: string, entity: Entity): string {
  const { role, group, value } = entity
  const parts = Object.entries({
    entity: entity.entity,
    role,
    group,
    value: value === words ? undefined : value,
  })
    .filter(([, each]) => each !== undefined && each !== null)
    .map(([key, each]) => `"${key}": ${JSON.stringify(each)}`)
  return `{${parts.join(', ')}}`
}
