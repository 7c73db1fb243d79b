// Stories and rules as a YAML file of training data format 3.1.

import {
  dashed,
  type StoryData,
  type StoryEntity,
  type StoryStep,
  yamlBlock,
  yamlEntry,
} from '@tabula/dialogue'
import type { JsonValue } from '@tabula/protocol'

/** The file's text: stories first, then rules. */
export function writeStoriesYaml(stories: readonly StoryData[]): string {
  const section = (kind: StoryData['kind'], title: string): string[] => {
    const own = stories.filter(story => story.kind === kind)
    return own.length === 0
      ? []
      : ['', `${title}:`, ...own.flatMap(story => ['', ...dashed(storyLines(story))])]
  }
  return ['version: "3.1"', ...section('story', 'stories'), ...section('rule', 'rules'), ''].join('\n')
}

/** A story or rule as the lines of a list's item, without its dash. */
export function storyLines(story: StoryData): string[] {
  const { condition = [], conversationStart, waitForUserInput } = story
  return [
    ...yamlEntry(story.kind, story.name),
    ...(conversationStart === true ? ['conversation_start: true'] : []),
    ...(waitForUserInput === false ? ['wait_for_user_input: false'] : []),
    ...(condition.length === 0 ? [] : ['condition:', ...condition.flatMap(step => dashed(stepLines(step)))]),
    'steps:',
    ...story.steps.flatMap(step => dashed(stepLines(step))),
  ]
}

function stepLines(step: StoryStep): string[] {
  switch (step.kind) {
    case 'user':
      return [
        ...(step.intent === undefined ? [] : yamlEntry('intent', step.intent)),
        ...(step.text === undefined ? [] : yamlBlock('user', withEntities(step.text, step.entities))),
        ...(step.text !== undefined || step.entities.length === 0
          ? []
          : yamlEntry('entities', step.entities.map(entityJson))),
      ]
    case 'action':
      return yamlEntry('action', step.name)
    case 'bot':
      return yamlEntry('bot', step.text)
    case 'slot':
      return yamlEntry('slot_was_set', [step.value === undefined ? step.name : { [step.name]: step.value }])
    case 'active_loop':
      return yamlEntry('active_loop', step.name)
    case 'checkpoint':
      return [
        ...yamlEntry('checkpoint', step.name),
        ...(step.slots.length === 0
          ? []
          : yamlEntry(
              'slot_was_set',
              step.slots.map(({ name, value }) => (value === undefined ? name : { [name]: value })),
            )),
      ]
    case 'or':
      return ['or:', ...step.alternatives.flatMap(each => dashed(stepLines(each)))]
  }
}

function entityJson({ entity, value, role, group }: StoryEntity): JsonValue {
  const isBare = value === '' && role === undefined && group === undefined
  return isBare
    ? entity
    : {
        [entity]: value ?? null,
        ...(role === undefined ? {} : { role }),
        ...(group === undefined ? {} : { group }),
      }
}

/** The words of a test story with their entities in brackets. */
function withEntities(text: string, entities: readonly StoryEntity[]): string {
  if (text.startsWith('/')) return text
  const points = Array.from(text)
  let out = ''
  let position = 0
  for (const { start, end, entity, value, role, group } of entities) {
    if (start === undefined || end === undefined || start < position) continue
    const words = points.slice(start, end).join('')
    const isPlain = value === words && role === undefined && group === undefined
    const json = JSON.stringify({ entity, value, role, group })
    out += `${points.slice(position, start).join('')}[${words}]${isPlain ? `(${entity})` : json}`
    position = end
  }
  return out + points.slice(position).join('')
}
