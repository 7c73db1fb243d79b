// Intents and entities of a domain: a name alone, or a name with options; and which entity features an intent uses.

import type { DomainJson, EntityOptions, IntentOptions } from '@tabula/protocol'
import { DEFAULT_INTENTS } from './default-names.ts'

export interface Intent {
  readonly name: string
  /** Entity features that count in a state when this intent was understood: `city`, `city#from`. */
  readonly usedEntities: ReadonlySet<string>
  readonly isRetrieval: boolean
}

export interface EntityType {
  readonly name: string
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly influencesConversation: boolean
}

/** The name and options of a list's item; options are null where the item is a name alone. */
export function entryOf<Options>(
  item: string | Readonly<Record<string, Options>>,
): readonly [string, Options | null] {
  if (typeof item === 'string') return [item, null]
  const [name, options] = Object.entries(item)[0] ?? ['', undefined]
  return [name, options ?? null]
}

export function readEntities(json: DomainJson): Map<string, EntityType> {
  const entities = new Map<string, EntityType>()
  for (const item of json.entities ?? []) {
    const [name, options] = entryOf<EntityOptions>(item)
    entities.set(name, {
      name,
      roles: options?.roles ?? [],
      groups: options?.groups ?? [],
      influencesConversation: options?.influence_conversation !== false,
    })
  }
  return entities
}

/** The domain's intents, then Rasa's own that it does not list. */
export function readIntents(
  json: DomainJson,
  entities: ReadonlyMap<string, EntityType>,
): Map<string, Intent> {
  const intents = new Map<string, Intent>()
  for (const item of json.intents ?? []) {
    const [name, options] = entryOf<IntentOptions>(item)
    intents.set(name, createIntent(name, options ?? {}, entities))
  }
  for (const name of DEFAULT_INTENTS)
    if (!intents.has(name)) intents.set(name, createIntent(name, {}, entities))
  return intents
}

function createIntent(
  name: string,
  options: IntentOptions,
  entities: ReadonlyMap<string, EntityType>,
): Intent {
  const silent = [...entities.values()]
    .filter(entity => !entity.influencesConversation)
    .map(entity => entity.name)
  const listed = options.use_entities ?? true
  const included =
    listed === true ? allFeatures(entities, silent) : withLabels(listed === false ? [] : listed, entities)
  const excluded = withLabels(options.ignore_entities ?? silent, entities)
  return {
    name,
    usedEntities:
      options.used_entities === undefined ? included.difference(excluded) : new Set(options.used_entities),
    isRetrieval: options.is_retrieval_intent === true,
  }
}

/** Every entity that speaks, and the labels of all, as in Rasa. */
function allFeatures(entities: ReadonlyMap<string, EntityType>, silent: readonly string[]): Set<string> {
  const names = [...entities.keys()].filter(name => !silent.includes(name))
  return new Set([...names, ...[...entities.values()].flatMap(labels)])
}

function withLabels(names: readonly string[], entities: ReadonlyMap<string, EntityType>): Set<string> {
  return new Set(names.flatMap(name => [name, ...labels(entities.get(name))]))
}

function labels(entity: EntityType | undefined): string[] {
  return entity === undefined
    ? []
    : [...entity.roles, ...entity.groups].map(label => `${entity.name}#${label}`)
}
