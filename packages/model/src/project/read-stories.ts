// Stories and rules from a file's tree, each step with its place.

import type { ActiveLoopStep, SlotStep, StoryData, StoryEntity, StoryStep, UserStep } from '@tabula/dialogue'
import { codePointOffsets } from '@tabula/nlu'
import { type JsonValue, parseExactJson, type SourcePosition } from '@tabula/protocol'
import { readAnnotations } from './annotations.ts'
import {
  describe,
  entryAt,
  itemsOf,
  type Problems,
  textOf,
  toExactJson,
  valueAt,
  type YamlNode,
} from './yaml-node.ts'

/** The stories under `stories:`, then the rules under `rules:`. */
export function readStories(root: YamlNode, problems: Problems): StoryData[] {
  return [...readSection(root, 'stories', 'story', problems), ...readSection(root, 'rules', 'rule', problems)]
}

function readSection(
  root: YamlNode,
  section: string,
  kind: 'story' | 'rule',
  problems: Problems,
): StoryData[] {
  const entry = entryAt(root, section)
  if (entry === undefined) return []
  const { value } = entry
  if (value.kind !== 'list') {
    if (value.kind === 'scalar' && value.value === null) return []
    problems.error(
      'stories.not-a-list',
      value.position,
      `Under ${section} stands ${describe(value)}.`,
      `Write a list of items such as \`- ${kind}: name\`.`,
    )
    return []
  }
  return value.items.flatMap(item => readStory(item, kind, problems))
}

function readStory(item: YamlNode, kind: 'story' | 'rule', problems: Problems): StoryData[] {
  const entry = entryAt(item, kind)
  if (entry === undefined) {
    problems.warn(
      'stories.unknown-item',
      item.position,
      `An item is ${describe(item)} without \`${kind}:\`; it is left out.`,
    )
    return []
  }
  const name = textOf(entry.value) ?? ''
  if (name === '') problems.warn('stories.nameless', item.position, `A ${kind} has no name.`)
  const steps = itemsOf(valueAt(item, 'steps'))
  if (steps.length === 0) {
    problems.warn(
      'stories.no-steps',
      item.position,
      `The ${kind} '${name}' has no steps; it is left out.`,
      'Add `steps:` with a list.',
    )
    return []
  }
  const read = (nodes: readonly YamlNode[]): StoryStep[] =>
    nodes.flatMap(node => readStep(node, kind, problems))
  const story: StoryData = { kind, name, steps: read(steps), position: item.position }
  if (kind === 'story') return [story]
  const waits = valueAt(item, 'wait_for_user_input')
  const starts = valueAt(item, 'conversation_start')
  return [
    {
      ...story,
      condition: read(itemsOf(valueAt(item, 'condition'))).filter(
        (step): step is SlotStep | ActiveLoopStep => step.kind === 'slot' || step.kind === 'active_loop',
      ),
      conversationStart: starts?.kind === 'scalar' && starts.value === true,
      waitForUserInput: !(waits?.kind === 'scalar' && waits.value === false),
    },
  ]
}

function readStep(node: YamlNode, kind: 'story' | 'rule', problems: Problems): StoryStep[] {
  const has = (key: string): boolean => entryAt(node, key) !== undefined
  const { position } = node
  if (has('intent') || has('user')) return readUser(node, problems)
  if (has('or')) return readOr(node, problems)
  if (has('action')) {
    const name = textOf(valueAt(node, 'action'))
    if (name !== null && name !== '') return [{ kind: 'action', name, position }]
    problems.warn('stories.action-nameless', position, 'An action has no name; the step is left out.')
    return []
  }
  if (has('bot')) {
    if (kind === 'rule')
      problems.error(
        'rules.bot-step',
        position,
        'A rule has a `bot:` step.',
        'Use an `action:`; end-to-end answers belong into stories.',
      )
    return [{ kind: 'bot', text: textOf(valueAt(node, 'bot')) ?? '', position }]
  }
  if (has('checkpoint')) {
    if (kind === 'rule')
      problems.error(
        'rules.checkpoint',
        position,
        'A rule has a checkpoint.',
        'Checkpoints belong into stories.',
      )
    return [
      {
        kind: 'checkpoint',
        name: textOf(valueAt(node, 'checkpoint')) ?? '',
        slots: readSlots(node, problems),
        position,
      },
    ]
  }
  if (has('slot_was_set')) return readSlots(node, problems)
  if (has('active_loop'))
    return [{ kind: 'active_loop', name: textOf(valueAt(node, 'active_loop')), position }]
  if (has('metadata')) return []
  problems.warn(
    'stories.unknown-step',
    position,
    `A step is ${describe(node)} with none of intent, user, or, action, bot, checkpoint, slot_was_set, active_loop; it is left out.`,
  )
  return []
}

function readUser(node: YamlNode, problems: Problems): UserStep[] {
  const { position } = node
  const intent = (textOf(valueAt(node, 'intent')) ?? '').trim()
  const spoken = valueAt(node, 'user')
  if (intent === '' && spoken === undefined)
    problems.warn(
      'stories.intent-empty',
      position,
      'A user step has neither an intent nor words.',
      'Write `- intent: name`.',
    )
  if (intent.startsWith('/'))
    problems.warn(
      'stories.intent-slash',
      position,
      `The intent '${intent}' begins with a slash, which is not needed.`,
    )
  const named = intent === '' ? {} : { intent: intent.replace(/^\//, '') }
  if (spoken === undefined)
    return [{ kind: 'user', ...named, entities: readEntities(valueAt(node, 'entities')), position }]
  const { text, entities, faults } = readAnnotations((textOf(spoken) ?? '').trim())
  for (const fault of faults) problems.error('stories.annotation', spoken.position, fault.message)
  const pointOf = codePointOffsets(text)
  const listed: StoryEntity[] = text.startsWith('/')
    ? payloadEntities(text)
    : entities.map(({ entity, value, role, group, start, end }) => ({
        entity,
        value,
        start: pointOf(start),
        end: pointOf(end),
        ...(role === undefined ? {} : { role }),
        ...(group === undefined ? {} : { group }),
      }))
  return [{ kind: 'user', ...named, text, entities: listed, position }]
}

/** The entities of a `/intent{"name": value}` message. */
function payloadEntities(text: string): StoryEntity[] {
  const json = /^\/[^{@]+(?:@[\d.]+)?(\{.+\})?/.exec(text)?.[1]
  if (json === undefined) return []
  try {
    const values = parseExactJson(json) as Readonly<Record<string, JsonValue>>
    return Object.entries(values).flatMap(([entity, value]) =>
      (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map(each => ({
        entity,
        value: each,
      })),
    )
  } catch {
    return []
  }
}

/** `- city`, or `- city: Rome` with role and group beside it. */
function readEntities(node: YamlNode | undefined): StoryEntity[] {
  return itemsOf(node).flatMap(item => {
    if (item.kind !== 'map') return [{ entity: textOf(item) ?? '', value: '' }]
    const named = item.entries.filter(entry => entry.key !== 'role' && entry.key !== 'group').at(-1)
    if (named === undefined) return []
    const value = toExactJson(named.value)
    const role = textOf(valueAt(item, 'role'))
    const group = textOf(valueAt(item, 'group'))
    return [
      {
        entity: named.key,
        ...(value === null ? {} : { value }),
        ...(role === null ? {} : { role }),
        ...(group === null ? {} : { group }),
      },
    ]
  })
}

function readSlots(node: YamlNode, problems: Problems): SlotStep[] {
  const given = valueAt(node, 'slot_was_set')
  if (given === undefined) return []
  if (given.kind !== 'list') {
    problems.error(
      'stories.slots-shape',
      given.position,
      `Under slot_was_set stands ${describe(given)}.`,
      'Write a list: `- city: Rome`, or `- city` for any value.',
    )
    return []
  }
  return given.items.flatMap(item => {
    if (item.kind === 'map')
      return item.entries.map(entry => slotStep(entry.key, entry.keyPosition, toExactJson(entry.value)))
    const name = textOf(item)
    if (name !== null) return [slotStep(name, item.position)]
    problems.warn('stories.slot-shape', item.position, `A slot is ${describe(item)}; the step is left out.`)
    return []
  })
}

function slotStep(name: string, position: SourcePosition, value?: JsonValue): SlotStep {
  return value === undefined ? { kind: 'slot', name, position } : { kind: 'slot', name, value, position }
}

function readOr(node: YamlNode, problems: Problems): StoryStep[] {
  const alternatives: (UserStep | SlotStep)[] = []
  for (const item of itemsOf(valueAt(node, 'or'))) {
    if (entryAt(item, 'intent') !== undefined) alternatives.push(...readUser(item, problems))
    else if (entryAt(item, 'slot_was_set') !== undefined) alternatives.push(...readSlots(item, problems))
    else {
      problems.warn(
        'stories.or-shape',
        item.position,
        'An alternative under `or:` is neither an intent nor slot_was_set; the step is left out.',
      )
      return []
    }
  }
  return alternatives.length === 0 ? [] : [{ kind: 'or', alternatives, position: node.position }]
}
