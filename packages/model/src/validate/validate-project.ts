// Checks across a project's files, as Rasa's validator makes them before training. Errors stop training, warnings do not.

import { DEFAULT_ACTIONS, DEFAULT_INTENTS, Domain, type StoryData, type StoryStep } from '@tabula/dialogue'
import type { Problem, SourcePosition } from '@tabula/protocol'
import type { Project } from '../project/read-project.ts'

/** A finding; `unused` ones never make a training fail, not even where warnings do. */
export interface Finding extends Problem {
  readonly isUnused?: boolean
}

/** All findings, errors first, each with its place where it has one. Throws ProjectError where the domain itself is wrong. */
export function validateProject(project: Project): Finding[] {
  const domain = Domain.fromJson(project.domain)
  const findings: Finding[] = [
    ...checkSteps(project, domain),
    ...checkForms(project, domain),
    ...checkMappings(project, domain),
    ...checkExamples(project, domain),
    ...checkUnused(project, domain),
  ]
  return findings.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** Whether training must stop: on an error, and with `failOnWarnings` on a warning that is not about unused things. */
export function fails(findings: readonly Finding[], failOnWarnings: boolean): boolean {
  return findings.some(
    finding => finding.severity === 'error' || (failOnWarnings && finding.isUnused !== true),
  )
}

function checkSteps(project: Project, domain: Domain): Finding[] {
  const findings: Finding[] = []
  const say = (
    severity: 'error' | 'warning',
    code: string,
    position: SourcePosition,
    message: string,
    hint: string,
  ): void => {
    findings.push({ severity, code, position, message, hint })
  }
  for (const step of stepsOf(project.stories)) {
    if (step.kind === 'user' && step.intent !== undefined) {
      const intent = step.intent.split('/')[0] ?? ''
      if (!domain.intents.has(intent))
        say(
          'warning',
          'story.unknown-intent',
          step.position,
          `The intent '${intent}' is not in the domain.`,
          'Add it under `intents:`, or correct its name.',
        )
    } else if (step.kind === 'action' && domain.actionIndex(step.name) === undefined) {
      const isSpoken = step.name.startsWith('utter_')
      if (isSpoken)
        say(
          'warning',
          'story.missing-response',
          step.position,
          `The response '${step.name}' is not in the domain.`,
          'Add it under `responses:`, or correct its name.',
        )
      else
        say(
          'error',
          'story.unknown-action',
          step.position,
          `The action '${step.name}' is not in the domain.`,
          'Add it under `actions:` (a form under `forms:`), or correct its name.',
        )
    } else if (step.kind === 'active_loop' && step.name !== null && !isLoop(step.name, domain))
      say(
        'error',
        'story.unknown-form',
        step.position,
        `The form '${step.name}' is not in the domain.`,
        'Add it under `forms:`, or correct its name.',
      )
    else if (step.kind === 'slot' && !domain.slots.has(step.name))
      say(
        'error',
        'story.unknown-slot',
        step.position,
        `The slot '${step.name}' is not in the domain.`,
        'Add it under `slots:`, or correct its name.',
      )
  }
  return findings
}

function isLoop(name: string, domain: Domain): boolean {
  return domain.forms.has(name) || name === 'action_two_stage_fallback' || domain.userActions.has(name)
}

/** Every step, also those inside `or:`, conditions and checkpoints. */
function* stepsOf(stories: readonly StoryData[]): Generator<StoryStep> {
  for (const story of stories) {
    yield* story.condition ?? []
    for (const step of story.steps) {
      yield step
      if (step.kind === 'or') yield* step.alternatives
      if (step.kind === 'checkpoint') yield* step.slots
    }
  }
}

function checkForms(project: Project, domain: Domain): Finding[] {
  return [...domain.forms.values()].flatMap(form =>
    form.requiredSlots
      .filter(slot => !domain.slots.has(slot))
      .map((slot): Finding => ({
        severity: 'error',
        code: 'domain.form-slot',
        message: `The form '${form.name}' requires the slot '${slot}', which is not in the domain.`,
        hint: 'Add it under `slots:`, or correct its name.',
        ...placeOf(project, ['forms', form.name, 'required_slots', form.requiredSlots.indexOf(slot)]),
      })),
  )
}

/** Mapping conditions must name forms, and slots that these forms require. */
function checkMappings(project: Project, domain: Domain): Finding[] {
  const findings: Finding[] = []
  for (const slot of domain.slots.values())
    slot.mappings.forEach((mapping, index) => {
      mapping.conditions?.forEach((condition, number) => {
        const loop = condition.active_loop
        if (loop === undefined || loop === null) return
        const path = ['slots', slot.name, 'mappings', index, 'conditions', number]
        const form = domain.forms.get(loop)
        if (form === undefined && !isLoop(loop, domain))
          findings.push({
            severity: 'error',
            code: 'domain.condition-form',
            message: `A mapping of the slot '${slot.name}' waits for the form '${loop}', which is not in the domain.`,
            hint: 'Add it under `forms:`, or correct its name.',
            ...placeOf(project, path),
          })
        else if (
          form !== undefined &&
          !form.requiredSlots.includes(slot.name) &&
          form.requiredSlots.length > 0
        )
          findings.push({
            severity: 'error',
            code: 'domain.condition-slot',
            message: `A mapping of the slot '${slot.name}' waits for the form '${loop}', which does not require this slot.`,
            hint: `Add it to the form's required_slots, or take the condition away.`,
            ...placeOf(project, path),
          })
      })
    })
  return findings
}

function checkExamples(project: Project, domain: Domain): Finding[] {
  const findings: Finding[] = []
  const first = new Map<string, { intent: string; position: SourcePosition | undefined }>()
  const unknown = new Set<string>()
  for (const { text, intent, position } of project.nlu.examples) {
    if (intent === undefined) continue
    const place = position === undefined ? {} : { position }
    if (!domain.intents.has(intent) && !unknown.has(intent)) {
      unknown.add(intent)
      findings.push({
        severity: 'warning',
        code: 'nlu.intent-not-in-domain',
        message: `The intent '${intent}' has examples but is not in the domain.`,
        hint: 'Add it under `intents:`, or correct its name.',
        ...place,
      })
    }
    const before = first.get(text)
    if (before === undefined) first.set(text, { intent, position })
    else if (before.intent !== intent) {
      const where = before.position === undefined ? '' : ` (${before.position.file}:${before.position.line})`
      findings.push({
        severity: 'warning',
        code: 'nlu.two-intents',
        message: `The example "${text}" stands under '${intent}' and under '${before.intent}'${where}.`,
        hint: 'Keep it under one of them.',
        ...place,
      })
    }
  }
  return findings
}

/** What nothing uses: said, and never a reason to fail. */
function checkUnused(project: Project, domain: Domain): Finding[] {
  const intents = new Set(project.stories.length === 0 ? domain.intents.keys() : [])
  const actions = new Set(project.stories.length === 0 ? domain.actions : [])
  for (const step of stepsOf(project.stories)) {
    if (step.kind === 'user' && step.intent !== undefined) intents.add(step.intent.split('/')[0] ?? '')
    if (step.kind === 'action') actions.add(step.name)
  }
  const exampled = new Set(project.nlu.examples.map(example => example.intent))
  const unused = (code: string, message: string, path: readonly (string | number)[]): Finding => ({
    severity: 'warning',
    code,
    message,
    isUnused: true,
    ...placeOf(project, path),
  })
  const isDefault = (name: string): boolean => (DEFAULT_INTENTS as readonly string[]).includes(name)
  const named = [...domain.intents.keys()].filter(name => !isDefault(name))
  return [
    ...named
      .filter(name => !intents.has(name))
      .map(name => unused('intent.unused', `No story or rule uses the intent '${name}'.`, ['intents', name])),
    ...named
      .filter(name => !exampled.has(name) && project.nlu.examples.length > 0)
      .map(name => unused('intent.no-examples', `The intent '${name}' has no examples.`, ['intents', name])),
    ...[...domain.responses.keys()]
      .filter(name => !actions.has(name) && !isSpokenByItself(name, domain))
      .map(name =>
        unused('response.unused', `No story or rule uses the response '${name}'.`, ['responses', name]),
      ),
  ]
}

/** Responses that forms, selectors and Rasa's own actions say. */
function isSpokenByItself(name: string, domain: Domain): boolean {
  return (
    name.includes('/') ||
    name.startsWith('utter_ask_') ||
    domain.userActions.size > 0 ||
    ['utter_default', 'utter_restart', 'utter_back', 'utter_ask_rephrase'].includes(name) ||
    (DEFAULT_ACTIONS as readonly string[]).includes(name)
  )
}

function placeOf(project: Project, path: readonly (string | number)[]): { position?: SourcePosition } {
  const position = project.placeInDomain(path)
  return position === null ? {} : { position }
}
