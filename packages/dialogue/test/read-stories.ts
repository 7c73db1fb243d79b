// Stories and rules of YAML text for tests: the reading itself is another package's matter, and so are its complaints.

import type { JsonValue, SourcePosition } from '@tabula/protocol'
import { isMap, LineCounter, type Node, parseDocument } from 'yaml'
import type {
  ActiveLoopStep,
  SlotStep,
  StoryData,
  StoryEntity,
  StoryStep,
  UserStep,
} from '../src/stories/story-data.ts'

/** What stands under `stories:` and `rules:` of the text. */
export function readStories(text: string, file = 'stories.yml'): StoryData[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const place = (node: Node | null): SourcePosition => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0)
    return { file, line, column: col }
  }
  const listAt = (...path: (string | number)[]): readonly Node[] => {
    const node = document.getIn(path, true) as { readonly items?: readonly Node[] } | undefined
    return node?.items ?? []
  }
  return (['stories', 'rules'] as const).flatMap(key =>
    listAt(key).flatMap((node, index): StoryData[] => {
      const item = plain(node)
      const title = key === 'stories' ? 'story' : 'rule'
      if (!isRecord(item) || typeof item[title] !== 'string') return []
      return [
        {
          kind: title,
          name: item[title],
          steps: listAt(key, index, 'steps').flatMap(step => stepsOf(plain(step), place(step))),
          position: place(node),
          ...(title === 'story'
            ? {}
            : {
                condition: listAt(key, index, 'condition')
                  .flatMap(step => stepsOf(plain(step), place(step)))
                  .filter(step => step.kind === 'slot' || step.kind === 'active_loop'),
                conversationStart: item['conversation_start'] === true,
                waitForUserInput: item['wait_for_user_input'] !== false,
              }),
        },
      ]
    }),
  )
}

type Plain = Readonly<Record<string, JsonValue>>

function stepsOf(step: unknown, position: SourcePosition): StoryStep[] {
  if (!isRecord(step)) return []
  if ('intent' in step || 'user' in step) return [userStep(step, position)]
  if ('or' in step) {
    const alternatives = listOf(step['or'])
      .flatMap(item => stepsOf(item, position))
      .filter(item => item.kind === 'user' || item.kind === 'slot')
    return [{ kind: 'or', alternatives, position }]
  }
  if (typeof step['action'] === 'string') return [{ kind: 'action', name: step['action'], position }]
  if (typeof step['bot'] === 'string') return [{ kind: 'bot', text: step['bot'], position }]
  const slots = listOf(step['slot_was_set']).flatMap(item => slotSteps(item, position))
  if (typeof step['checkpoint'] === 'string')
    return [{ kind: 'checkpoint', name: step['checkpoint'], slots, position }]
  if ('active_loop' in step) return [loopStep(step['active_loop'] ?? null, position)]
  return slots
}

function userStep(step: Plain, position: SourcePosition): UserStep {
  const { intent, user } = step
  return {
    kind: 'user',
    ...(typeof intent === 'string' ? { intent: intent.replace(/^\//, '') } : {}),
    ...(typeof user === 'string' ? { text: user.replace(/\[([^\]]*)\](\([^)]*\)|\{[^}]*\})/g, '$1') } : {}),
    entities: listOf(step['entities']).flatMap(entityOf),
    position,
  }
}

function entityOf(item: JsonValue): StoryEntity[] {
  if (typeof item === 'string') return [{ entity: item, value: '' }]
  if (!isRecord(item)) return []
  const { role, group, ...rest } = item
  return Object.entries(rest).map(([entity, value]) => ({
    entity,
    value,
    ...(typeof role === 'string' ? { role } : {}),
    ...(typeof group === 'string' ? { group } : {}),
  }))
}

function slotSteps(item: JsonValue, position: SourcePosition): SlotStep[] {
  if (typeof item === 'string') return [{ kind: 'slot', name: item, position }]
  return isRecord(item)
    ? Object.entries(item).map(([name, value]) => ({ kind: 'slot', name, value, position }))
    : []
}

function loopStep(name: JsonValue, position: SourcePosition): ActiveLoopStep {
  return { kind: 'active_loop', name: typeof name === 'string' ? name : null, position }
}

function plain(node: Node): unknown {
  return isMap(node) ? node.toJSON() : null
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
