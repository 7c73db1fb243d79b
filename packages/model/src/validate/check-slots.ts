// Slots that nothing fills, forms that cannot end, and questions that forms have no words for.

import type { Domain, StoryData } from '@tabula/dialogue'
import type { Project } from '../project/read-project.ts'
import { stepsOf } from './check-stories.ts'
import { type Finding, placeOf } from './finding.ts'

/** Slots of Rasa's own, and those that only code may set. */
const OWN = ['requested_slot', 'session_started_metadata']

/** Slots that no mapping, no action of a story and no form sets, and required slots of forms that nothing can fill. */
export function checkSlots(project: Project, domain: Domain): Finding[] {
  const setInStories = slotsOf(project.stories)
  const hasActions = domain.userActions.size > 0
  const findings: Finding[] = []
  for (const slot of domain.slots.values()) {
    if (OWN.includes(slot.name) || slot.mappings.some(({ type }) => type !== 'custom')) continue
    const form = [...domain.forms.values()].find(({ requiredSlots }) => requiredSlots.includes(slot.name))
    const isFilledByCode = hasActions && (slot.mappings.length > 0 || setInStories.has(slot.name))
    if (
      isFilledByCode ||
      domain.userActions.has(`validate_${form?.name ?? ''}`) ||
      domain.userActions.has('action_validate_slot_mappings')
    )
      continue
    if (form !== undefined)
      findings.push({
        severity: 'warning',
        code: 'form.cannot-end',
        message: `The form '${form.name}' asks for the slot '${slot.name}', which nothing can fill: it never ends.`,
        hint: `Give the slot a mapping, or fill it in an action named validate_${form.name}.`,
        ...placeOf(project, ['slots', slot.name]),
      })
    else if (!isInitial(project, slot.name))
      findings.push({
        severity: 'warning',
        code: 'slot.never-set',
        message: `Nothing sets the slot '${slot.name}'.`,
        hint: 'Give it a mapping, set it in an action, or take it out of the domain.',
        isUnused: true,
        ...placeOf(project, ['slots', slot.name]),
      })
  }
  return findings
}

/** Slots that a form asks for without a response or an action to ask with: the user would wait for a question. */
export function checkAsking(project: Project, domain: Domain): Finding[] {
  return [...domain.forms.values()]
    .filter(({ name }) => !domain.userActions.has(name))
    .flatMap(({ name: form, requiredSlots }) =>
      requiredSlots.flatMap((slot, index): Finding[] => {
        const names = [
          `action_ask_${form}_${slot}`,
          `utter_ask_${form}_${slot}`,
          `action_ask_${slot}`,
          `utter_ask_${slot}`,
        ]
        if (!domain.slots.has(slot) || names.some(name => domain.actionIndex(name) !== undefined)) return []
        return [
          {
            severity: 'warning',
            code: 'form.no-question',
            message: `The form '${form}' has no words to ask for '${slot}'.`,
            hint: `Add the response utter_ask_${form}_${slot}, or utter_ask_${slot} for all forms.`,
            ...placeOf(project, ['forms', form, 'required_slots', index]),
          },
        ]
      }),
    )
}

function slotsOf(stories: readonly StoryData[]): Set<string> {
  return new Set(
    stories.flatMap(story => [...stepsOf(story)].flatMap(step => (step.kind === 'slot' ? [step.name] : []))),
  )
}

function isInitial({ domain }: Project, slot: string): boolean {
  return domain.slots?.[slot]?.initial_value !== undefined
}
