// A domain as TypeScript: what `bot types` writes for the handlers of its actions.

import type { DomainJson, EntityOptions } from '@tabula/protocol'
import { key, quoted, union } from './quoted.ts'
import { responseVariables } from './response-variables.ts'
import { slotType } from './slot-type.ts'

const DEFAULT_INTENTS = new Set(['restart', 'back', 'out_of_scope', 'session_start', 'nlu_fallback'])
const KNOWLEDGE_BASE_SLOTS = [
  'knowledge_base_listed_objects',
  'knowledge_base_last_object',
  'knowledge_base_last_object_type',
]

/** Whether a file says the same, however a formatter has laid it out. */
export function saysTheSame(one: string, other: string): boolean {
  const bare = (text: string): string => text.replaceAll(/[\s;,|'"]/g, '')
  return bare(one) === bare(other)
}

/** The text of the file; the same domain gives the same text. */
export function writeBotTypes(domain: DomainJson): string {
  const slots = slotLines(domain)
  const responses = responseLines(domain)
  const body = [
    type('What may stand in each slot, when it is set.', 'Slots', slots),
    alias('What a message may mean.', 'Intent', ['DefaultIntent', ...intentNames(domain).map(quoted)]),
    type('The entities, with their roles and groups.', 'Entities', entityLines(domain)),
    type('The responses, with the variables that their texts name.', 'Responses', responses),
    type('The forms, with the slots that they ask for.', 'Forms', formLines(domain)),
    alias('What can be made to run next.', 'ActionName', [
      'DefaultAction',
      'keyof Responses',
      'keyof Forms',
      ...entryNames(domain.actions).map(quoted),
    ]),
  ].join('\n')
  return `${head(/\bJsonValue\b/.test(body))}\n${body}\n${TAIL}`
}

function head(usesJson: boolean): string {
  return `// Written by \`bot types\` from the domain: do not edit it, run the command again. Import names from here to have them checked.

import { forBot } from '@tabula/action-sdk'
import type {
  BotTypes,
  CollectingDispatcher,
  DefaultAction,
  DefaultIntent,
${usesJson ? '  JsonValue,\n' : ''}  Named,
  Tracker,
} from '@tabula/action-sdk'
`
}

const TAIL = `/** All of it: \`FormValidationAction<Bot>\`. */
export interface Bot extends BotTypes {
  readonly slots: { readonly [Name in keyof Slots]: Slots[Name] | null }
  readonly intents: Intent
  readonly entities: Named<Entities>
  readonly responses: Named<Responses>
  readonly forms: Named<Forms>
  readonly actions: ActionName
}

export type BotTracker = Tracker<Bot>
export type BotDispatcher = CollectingDispatcher<Bot>

export const { defineAction, slotSet, followupAction, activeLoop } = forBot<Bot>()
`

function type(what: string, name: string, lines: readonly string[]): string {
  const inside = lines.length === 0 ? '' : `\n${lines.map(line => `  ${line}`).join('\n')}\n`
  // An interface is shown by its name where a name does not fit.
  return lines.length === 0
    ? `/** ${what} */\nexport type ${name} = Readonly<Record<never, never>>\n`
    : `/** ${what} */\nexport interface ${name} {${inside}}\n`
}

function alias(what: string, name: string, members: readonly string[]): string {
  return `/** ${what} */\nexport type ${name} =\n${members.map(member => `  | ${member}\n`).join('')}`
}

function intentNames({ intents }: DomainJson): string[] {
  return entryNames(intents).filter(name => !DEFAULT_INTENTS.has(name))
}

function slotLines(domain: DomainJson): string[] {
  const forms = Object.values(domain.forms ?? {})
  const required = [...new Set(forms.flatMap(form => form.required_slots ?? []))]
  const asksKnowledgeBase = entryNames(domain.actions).includes('action_query_knowledge_base')
  const own = Object.entries(domain.slots ?? {})
  const added: [string, string][] = [
    ...(forms.length > 0 ? ([['requested_slot', union(required)]] as [string, string][]) : []),
    ['session_started_metadata', 'JsonValue'],
    ...(asksKnowledgeBase ? KNOWLEDGE_BASE_SLOTS.map((name): [string, string] => [name, 'JsonValue']) : []),
  ]
  const isOwn = new Set(own.map(([name]) => name))
  return [
    ...own.map(([name, slot]): [string, string] => [name, slotType(slot)]),
    ...added.filter(([name]) => !isOwn.has(name)),
  ].map(([name, types]) => `readonly ${key(name)}: ${types}`)
}

function entityLines(domain: DomainJson): string[] {
  return (domain.entities ?? []).flatMap(entry => {
    const entities: [string, EntityOptions][] =
      typeof entry === 'string' ? [[entry, {}]] : Object.entries(entry)
    return entities.map(([name, options]) => {
      const { roles = [], groups = [] } = options
      return `readonly ${key(name)}: { readonly roles: ${union(roles)}; readonly groups: ${union(groups)} }`
    })
  })
}

/** A variable that a slot fills may be left out. */
function responseLines(domain: DomainJson): string[] {
  const slots = new Set(Object.keys(domain.slots ?? {}))
  return Object.entries(domain.responses ?? {}).map(([name, variations]) => {
    const variables = responseVariables(variations).map(
      variable => `readonly ${key(variable)}${slots.has(variable) ? '?' : ''}: JsonValue`,
    )
    const shape = variables.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${variables.join('; ')} }`
    return `readonly ${key(name)}: ${shape}`
  })
}

function formLines(domain: DomainJson): string[] {
  return Object.entries(domain.forms ?? {}).map(
    ([name, form]) => `readonly ${key(name)}: ${union(form.required_slots ?? [])}`,
  )
}

/** Names of a list whose entries are names, or maps of a name to its options. */
function entryNames(entries: readonly (string | object)[] = []): string[] {
  return [...new Set(entries.flatMap(entry => (typeof entry === 'string' ? [entry] : Object.keys(entry))))]
}
