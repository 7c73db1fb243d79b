// Placeholders of responses that no slot fills: the whole text is then said with its braces.

import type { Domain } from '@tabula/dialogue'
import { closestName, type JsonValue } from '@tabula/protocol'
import type { Project } from '../project/read-project.ts'
import { type Finding, placeOf } from './finding.ts'

const FILLED_IN = ['text', 'image', 'custom', 'buttons', 'attachment', 'quick_replies'] as const

/** One finding a placeholder; an action that says the response itself may bring the value, so none of those are told. */
export function checkPlaceholders(project: Project, domain: Domain): Finding[] {
  return [...domain.responses].flatMap(([name, variations]) =>
    project.saidByActions.has(name)
      ? []
      : variations.flatMap((variation, index) =>
          FILLED_IN.flatMap(key =>
            [...placeholdersIn(variation[key])]
              .filter(placeholder => !domain.slots.has(placeholder))
              .map(placeholder => unfilled(placeholder, name, [index, key], project, domain)),
          ),
        ),
  )
}

function unfilled(
  placeholder: string,
  response: string,
  path: readonly (string | number)[],
  project: Project,
  domain: Domain,
): Finding {
  const near = closestName(placeholder, domain.slots.keys())
  return {
    severity: 'warning',
    code: 'response.placeholder',
    message: `The response '${response}' has the placeholder '{${placeholder}}', and the domain has no slot of that name: it is said with its braces unless an action brings the value.`,
    hint:
      near === null
        ? `Add a slot '${placeholder}', or write {{${placeholder}}} for braces that are meant.`
        : `Did you mean '{${near}}'?`,
    isUnused: true,
    ...placeOf(project, ['responses', response, ...path]),
  }
}

/** Names in single braces, in texts at any depth; keys are not filled in. */
function* placeholdersIn(value: JsonValue | undefined): Generator<string> {
  if (typeof value === 'string') {
    for (const [, name = ''] of value.matchAll(/(?<!\{)\{([^\n{}":,]+)\}(?!\})/g)) yield name
  } else if (Array.isArray(value))
    for (const item of value as readonly JsonValue[]) yield* placeholdersIn(item)
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value) as readonly JsonValue[]) yield* placeholdersIn(item)
}
