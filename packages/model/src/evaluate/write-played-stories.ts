// Played stories as YAML, as Rasa writes failed_test_stories.yml: wrong predictions stand as comments behind their lines.

import { yamlBlock, yamlEntry, yamlItem } from '@tabula/dialogue'
import type { Entity, JsonValue, UserUttered } from '@tabula/protocol'
import type { MessageResult, PlayedStep, PlayedStory } from './evaluate-stories.ts'

/** The file's text; `none` is what it says where there are no stories. */
export function writePlayedStories(stories: readonly PlayedStory[], none: string): string {
  if (stories.length === 0) return `# ${none}`
  const lines = stories.flatMap(({ name, position, steps }) => {
    const told = steps.flatMap(stepLines)
    return [
      ...itemOf([
        ...yamlEntry('story', `${name} (${position.file})`),
        ...(told.length === 0 ? ['steps: []'] : ['steps:', ...told]),
      ]),
      '',
    ]
  })
  return ['version: "3.1"', 'stories:', ...lines].join('\n')
}

function stepLines(step: PlayedStep): string[] {
  const { event } = step
  if (step.kind === 'action') {
    const { expected, predicted, isUnlikely } = step.result
    if (expected === predicted && expected === 'action_listen') return []
    const isAnswer = step.event.event === 'action' && step.event.name === null
    const lines = yamlEntry(isAnswer ? 'bot' : 'action', expected)
    const comment =
      expected !== predicted
        ? `predicted: ${predicted}${isUnlikely ? ' after action_unlikely_intent' : ''}`
        : isUnlikely
          ? 'predicted: action_unlikely_intent'
          : null
    return itemOf(commented(lines, comment))
  }
  if (step.kind === 'user') return itemOf(userLines(step.event, step.result))
  if (event.event === 'slot') return itemOf(yamlEntry('slot_was_set', [{ [event.name]: event.value }]))
  if (event.event === 'active_loop') return itemOf(yamlEntry('active_loop', event.name))
  return []
}

function userLines(event: UserUttered, result: MessageResult | null): string[] {
  const { intent, entities } = event.parse_data
  const name = intent.name ?? ''
  const isWrong = result !== null && !result.isRight
  const comment = isWrong
    ? `predicted: ${result.predicted.intent}: ${annotated(result.text, result.predicted.entities)}`
    : null
  return [
    ...(name === '' ? [] : commented(yamlEntry('intent', name), comment)),
    ...(event.text === null || event.text === '' ? [] : yamlBlock('user', annotated(event.text, entities))),
    ...(event.text === null && entities.length > 0
      ? [
          'entities:',
          ...entities.flatMap(({ entity, value }) => yamlItem(value === '' ? entity : { [entity]: value })),
        ]
      : []),
  ]
}

/** The text with its entities in brackets. */
function annotated(text: string, entities: readonly Entity[]): string {
  if (text.startsWith('/')) return text
  const points = Array.from(text)
  let out = ''
  let position = 0
  const placed = entities.filter(({ start, end }) => start !== undefined && end !== undefined)
  for (const entity of placed.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))) {
    const { start = 0, end = 0 } = entity
    if (start < position) continue
    const words = points.slice(start, end).join('')
    out += `${points.slice(position, start).join('')}[${words}]${attributes(words, entity)}`
    position = end
  }
  return out + points.slice(position).join('')
}

function attributes(words: string, { entity, value, role, group }: Entity): string {
  if (role === undefined && group === undefined && value === words) return `(${entity})`
  const all: Record<string, JsonValue | undefined> = {
    entity,
    role,
    group,
    value: value === words ? undefined : value,
  }
  const parts = Object.entries(all).filter(([, each]) => each !== undefined)
  return `{${parts.map(([key, each]) => `"${key}": ${JSON.stringify(each)}`).join(', ')}}`
}

function commented(lines: readonly string[], comment: string | null): string[] {
  return comment === null
    ? [...lines]
    : lines.map((line, index) => (index === 0 ? `${line}  # ${comment.replaceAll('\n', ' ')}` : line))
}

function itemOf(lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`))
}
