// What nothing uses: said, and never a reason to fail.

import { DEFAULT_ACTIONS, DEFAULT_INTENTS, type Domain } from '@tabula/dialogue'
import type { Project } from '../project/read-project.ts'
import { stepsOf } from './check-stories.ts'
import { type Finding, placeOf } from './finding.ts'

/** Responses that Rasa's own actions say. */
const OF_DEFAULT_ACTIONS = ['utter_default', 'utter_restart', 'utter_ask_rephrase', 'utter_ask_affirmation']

/** Intents and responses of the domain that no story, rule or action uses; none where there are no stories. */
export function checkUnused(project: Project, domain: Domain): Finding[] {
  if (project.stories.length === 0) return []
  const used = new Set<string>([
    ...DEFAULT_INTENTS,
    ...DEFAULT_ACTIONS,
    ...OF_DEFAULT_ACTIONS,
    ...project.saidByActions,
  ])
  for (const step of project.stories.flatMap(story => [...stepsOf(story)])) {
    if (step.kind === 'user') used.add(step.intent?.split('/')[0] ?? '')
    if (step.kind === 'action') used.add(step.name)
  }
  for (const { name, requiredSlots } of domain.forms.values())
    for (const slot of requiredSlots) used.add(`utter_ask_${slot}`).add(`utter_ask_${name}_${slot}`)
  const unused = (kind: 'intent' | 'response', name: string): Finding => ({
    severity: 'warning',
    code: `${kind}.unused`,
    message: `The ${kind} '${name}' is not used in any story or rule.`,
    isUnused: true,
    ...placeOf(project, [`${kind}s`, name]),
  })
  return [
    ...[...domain.intents.keys()].filter(name => !used.has(name)).map(name => unused('intent', name)),
    ...[...domain.responses.keys()]
      // A retrieval response is said by the action of its intent.
      .filter(name => !used.has(name) && !used.has(name.split('/')[0] ?? name))
      .map(name => unused('response', name)),
  ]
}
