// What stories and rules name must be in the domain.

import { type Domain, type StoryData, type StoryStep } from '@tabula/dialogue'
import { closestName } from '@tabula/protocol'
import type { Finding } from './finding.ts'

/** Rasa takes these as events where an action is named. */
const EVENT_STEPS = ['restart', 'reset_slots', 'pause', 'resume', 'export']

/** Intents, actions, responses, forms and slots of stories that the domain lacks, each with its line. */
export function checkStories(stories: readonly StoryData[], domain: Domain): Finding[] {
  return stories.flatMap(story =>
    [...stepsOf(story)].flatMap(step => checkStep(step, `the ${story.kind} '${story.name}'`, domain)),
  )
}

/** Every step of a story, also those inside `or:`, conditions and checkpoints. */
export function* stepsOf(story: StoryData): Generator<StoryStep> {
  yield* story.condition ?? []
  for (const step of story.steps) {
    yield step
    if (step.kind === 'or') yield* step.alternatives
    if (step.kind === 'checkpoint') yield* step.slots
  }
}

/** A loop is a form, or an action that acts as one. */
export function isLoop(name: string, domain: Domain): boolean {
  return domain.forms.has(name) || name === 'action_two_stage_fallback' || domain.userActions.has(name)
}

function checkStep(step: StoryStep, where: string, domain: Domain): Finding[] {
  const lacks = (
    severity: Finding['severity'],
    kind: 'intent' | 'response' | 'action' | 'form' | 'slot',
    name: string,
    known: Iterable<string>,
  ): Finding[] => {
    const near = closestName(name, known)
    return [
      {
        severity,
        code: `story.unknown-${kind === 'response' ? 'action' : kind}`,
        position: step.position,
        message: `The ${kind} '${name}' is used in ${where}, but it is not listed in the domain.`,
        hint: near === null ? `Add it to the domain under \`${kind}s:\`.` : `Did you mean '${near}'?`,
      },
    ]
  }
  switch (step.kind) {
    case 'user': {
      const intent = step.intent?.split('/')[0]
      if (intent === undefined || domain.intents.has(intent)) return []
      return lacks('warning', 'intent', intent, domain.intents.keys())
    }
    case 'action': {
      const { name } = step
      if (domain.actionIndex(name) !== undefined || EVENT_STEPS.includes(name)) return []
      return name.startsWith('utter_')
        ? lacks('warning', 'response', name, domain.responses.keys())
        : lacks('error', 'action', name, domain.actions)
    }
    case 'active_loop':
      return step.name === null || isLoop(step.name, domain)
        ? []
        : lacks('error', 'form', step.name, domain.forms.keys())
    case 'slot':
      // Without a value there is none to guess from; with one the step has no effect.
      return domain.slots.has(step.name)
        ? []
        : lacks(step.value === undefined ? 'error' : 'warning', 'slot', step.name, domain.slots.keys())
    default:
      return []
  }
}
