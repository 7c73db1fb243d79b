// A conversation as a story: what `bot interactive` writes, and what it draws.

import type { StoryData, StoryEntity, StoryStep } from '@tabula/dialogue'
import type { Entity, TrackerEvent, UserUttered } from '@tabula/protocol'

const NOT_TOLD = new Set(['action_listen', 'action_unlikely_intent', 'action_session_start', '...'])
const NOWHERE = { file: '', line: 1, column: 1 }

/** The applied events as the steps of a story; with `endToEnd` messages stand in their own words, as in test stories. */
export function storyOfEvents(
  events: readonly TrackerEvent[],
  name: string,
  { endToEnd = false }: { readonly endToEnd?: boolean } = {},
): StoryData {
  const steps = events.flatMap((event, index) => {
    const next = events[index + 1]
    const usesText = next?.event === 'user_featurization' && next.use_text_for_featurization === true
    return stepOf(event, usesText, endToEnd)
  })
  return { kind: 'story', name, steps, position: NOWHERE }
}

function stepOf(event: TrackerEvent, usesText: boolean, endToEnd: boolean): StoryStep[] {
  switch (event.event) {
    case 'user':
      return [userStep(event, usesText, endToEnd)]
    case 'action':
      if (event.name === null)
        return event.action_text === null ? [] : [{ kind: 'bot', text: event.action_text, position: NOWHERE }]
      return NOT_TOLD.has(event.name) ? [] : [{ kind: 'action', name: event.name, position: NOWHERE }]
    case 'slot':
      return [{ kind: 'slot', name: event.name, value: event.value, position: NOWHERE }]
    case 'active_loop':
      return [{ kind: 'active_loop', name: event.name, position: NOWHERE }]
    default:
      return []
  }
}

function userStep({ text, parse_data: data }: UserUttered, usesText: boolean, endToEnd: boolean): StoryStep {
  const intent = data.intent.full_retrieval_intent_name ?? data.intent.name ?? null
  const isSpoken = (usesText || endToEnd) && text !== null && text !== ''
  return {
    kind: 'user',
    ...(intent === null || usesText ? {} : { intent }),
    ...(isSpoken ? { text } : {}),
    entities: data.entities.map(entity => entityOf(entity, isSpoken)),
    position: NOWHERE,
  }
}

function entityOf({ entity, value, role, group, start, end }: Entity, isSpoken: boolean): StoryEntity {
  return {
    entity,
    value,
    ...(typeof role === 'string' ? { role } : {}),
    ...(typeof group === 'string' ? { group } : {}),
    ...(isSpoken && start !== undefined && end !== undefined ? { start, end } : {}),
  }
}
