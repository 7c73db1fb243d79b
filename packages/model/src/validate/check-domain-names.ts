// What the domain's own parts name must be in it too.

import type { Domain } from '@tabula/dialogue'
import { closestName } from '@tabula/protocol'
import type { Project } from '../project/read-project.ts'
import { isLoop } from './check-stories.ts'
import { type Finding, placeOf } from './finding.ts'

/** Slots that forms require and the domain lacks. */
export function checkForms(project: Project, domain: Domain): Finding[] {
  return [...domain.forms.values()].flatMap(form =>
    form.requiredSlots.flatMap((slot, index): Finding[] => {
      if (domain.slots.has(slot)) return []
      const near = closestName(slot, domain.slots.keys())
      return [
        {
          severity: 'error',
          code: 'domain.form-slot',
          message: `The slot '${slot}' of the form '${form.name}' is not among the domain's slots.`,
          hint: near === null ? 'Add it to the domain under `slots:`.' : `Did you mean '${near}'?`,
          ...placeOf(project, ['forms', form.name, 'required_slots', index]),
        },
      ]
    }),
  )
}

/** Mapping conditions must name forms, and stand at slots that these forms require. */
export function checkMappings(project: Project, domain: Domain): Finding[] {
  const findings: Finding[] = []
  for (const slot of domain.slots.values())
    slot.mappings.forEach((mapping, index) => {
      mapping.conditions?.forEach(({ active_loop: loop }, number) => {
        if (loop === undefined || loop === null) return
        const form = domain.forms.get(loop)
        const say = (code: string, what: string, hint: string): void => {
          findings.push({
            severity: 'error',
            code,
            message: `The slot '${slot.name}' has a mapping condition for the form '${loop}', ${what}.`,
            hint,
            ...placeOf(project, ['slots', slot.name, 'mappings', index, 'conditions', number]),
          })
        }
        if (form === undefined && !isLoop(loop, domain)) {
          const near = closestName(loop, domain.forms.keys())
          say(
            'domain.condition-form',
            "which is not among the domain's forms",
            near === null ? 'Add it to the domain under `forms:`.' : `Did you mean '${near}'?`,
          )
        } else if (form !== undefined && !form.requiredSlots.includes(slot.name))
          say(
            'domain.condition-slot',
            'but the form does not require this slot',
            "Add it to the form's `required_slots:`, or take the condition away.",
          )
      })
    })
  return findings
}
