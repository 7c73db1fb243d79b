// Names that a session has used and the domain does not have: intents, entities, actions, responses.

import { DEFAULT_ACTIONS, DEFAULT_INTENTS, yamlEntry, yamlItem } from '@tabula/dialogue'
import type { DomainJson, TrackerEvent } from '@tabula/protocol'
import type { EntryLines } from './insert-entries.ts'

const BUILT_IN: ReadonlySet<string> = new Set(DEFAULT_ACTIONS)

export interface DomainAddition {
  readonly key: 'intents' | 'entities' | 'actions' | 'responses'
  readonly kind: 'list' | 'map'
  readonly entries: readonly EntryLines[]
}

/** What is to be added to the domain, by its sections; sections without anything new are left out. */
export function domainAdditions(
  events: readonly TrackerEvent[],
  responses: ReadonlyMap<string, string>,
  domain: DomainJson,
): DomainAddition[] {
  const used = (namesOf: (event: TrackerEvent) => readonly (string | null | undefined)[]): string[] => [
    ...new Set(events.flatMap(namesOf).filter(name => typeof name === 'string')),
  ]
  const intents = used(event => (event.event === 'user' ? [event.parse_data.intent.name] : []))
  const entities = used(event =>
    event.event === 'user' ? event.parse_data.entities.map(each => each.entity) : [],
  )
  const actions = used(event => (event.event === 'action' ? [event.name] : []))
  const said = used(event => (event.event === 'action' ? [event.name] : [])).flatMap(name => {
    const words = responses.get(name)
    return words === undefined ? [] : [[name, words] as const]
  })
  const known = knownNames(domain)
  const list = (names: readonly string[], own: ReadonlySet<string>): EntryLines[] =>
    names.filter(name => !own.has(name)).map(name => yamlItem(name).map(line => line.slice(2)))
  const additions: DomainAddition[] = [
    { key: 'intents', kind: 'list', entries: list(intents, known.intents) },
    { key: 'entities', kind: 'list', entries: list(entities, known.entities) },
    {
      key: 'actions',
      kind: 'list',
      entries: list(
        actions.filter(name => !BUILT_IN.has(name) && !responses.has(name)),
        known.actions,
      ),
    },
    {
      key: 'responses',
      kind: 'map',
      entries: said
        .filter(([name]) => !known.actions.has(name))
        .map(([name, text]) => yamlEntry(name, [{ text }])),
    },
  ]
  return additions.filter(({ entries }) => entries.length > 0)
}

function knownNames({ intents = [], entities = [], actions = [], responses = {}, forms = {} }: DomainJson): {
  readonly intents: ReadonlySet<string>
  readonly entities: ReadonlySet<string>
  readonly actions: ReadonlySet<string>
} {
  return {
    intents: new Set([...intents.map(nameOf), ...DEFAULT_INTENTS]),
    entities: new Set(entities.map(nameOf)),
    actions: new Set([...actions.map(nameOf), ...Object.keys(responses), ...Object.keys(forms)]),
  }
}

function nameOf(item: string | object): string {
  return typeof item === 'string' ? item : (Object.keys(item)[0] ?? '')
}
