// The domain of a bot: what it can understand, remember, say and do, with Rasa's order of actions.

import type { DomainJson, ResponseVariation, SlotJson } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import { checkDomain } from './check-domain.ts'
import {
  DEFAULT_ACTIONS,
  KNOWLEDGE_BASE_ACTION,
  KNOWLEDGE_BASE_SLOTS,
  REQUESTED_SLOT,
  SESSION_START_METADATA_SLOT,
} from './default-names.ts'
import { type EntityType, entryOf, type Intent, readEntities, readIntents } from './entries.ts'
import type { Slot } from './slots/slot.ts'
import { createSlot } from './slots/slots.ts'

export interface Form {
  readonly name: string
  readonly requiredSlots: readonly string[]
  readonly ignoredIntents: readonly string[]
}

export class Domain {
  readonly intents: ReadonlyMap<string, Intent>
  readonly entities: ReadonlyMap<string, EntityType>
  /** In the domain's order, then the automatic ones in Rasa's. */
  readonly slots: ReadonlyMap<string, Slot>
  readonly responses: ReadonlyMap<string, readonly ResponseVariation[]>
  readonly forms: ReadonlyMap<string, Form>
  /** Index order: defaults (action_listen first), user actions, sorted responses, forms, end-to-end texts. */
  readonly actions: readonly string[]
  /** The domain's own `actions:` list, also where an entry overrides a default. */
  readonly userActions: ReadonlySet<string>
  readonly endToEndActions: readonly string[]
  readonly storesEntitiesAsSlots: boolean
  readonly sessionConfig: { readonly expirationMinutes: number; readonly carryOverSlots: boolean }
  readonly #indexes: ReadonlyMap<string, number>
  readonly #needDomain: ReadonlySet<string>
  readonly #json: DomainJson

  private constructor(json: DomainJson) {
    this.entities = readEntities(json)
    this.intents = readIntents(json, this.entities)
    this.responses = new Map(Object.entries(json.responses ?? {}))
    this.forms = readForms(json)
    this.endToEndActions = json.e2e_actions ?? []
    const userActions = (json.actions ?? []).map(item => entryOf<unknown>(item)[0])
    this.userActions = new Set(userActions)
    this.actions = orderActions(userActions, this.responses, this.forms, this.endToEndActions)
    this.slots = readSlots(json, this.forms.size > 0, this.actions.includes(KNOWLEDGE_BASE_ACTION))
    this.storesEntitiesAsSlots = json.config?.store_entities_as_slots !== false
    this.sessionConfig = {
      expirationMinutes: json.session_config?.session_expiration_time ?? 60,
      carryOverSlots: json.session_config?.carry_over_slots_to_new_session ?? true,
    }
    this.#indexes = new Map(this.actions.map((name, index) => [name, index]))
    this.#needDomain = readNeedDomain(json)
    this.#json = asDict(json, this.sessionConfig)
  }

  /** The domain of a merged domain.yml; throws ProjectError with all that is wrong, each with its path. */
  static fromJson(json: DomainJson): Domain {
    const problems = checkDomain(json)
    if (problems.length > 0) throw new ProjectError(problems)
    return new Domain(json)
  }

  actionIndex(name: string): number | undefined {
    return this.#indexes.get(name)
  }

  /** Whether the domain is sent along with calls of this action under enable_selective_domain. */
  sendsDomain(action: string): boolean {
    return this.#needDomain.has(action)
  }

  /** Rasa's as_dict, the body of GET /domain and of an action call. */
  asDict(): DomainJson {
    return this.#json
  }
}

function readForms(json: DomainJson): Map<string, Form> {
  const forms = new Map<string, Form>()
  for (const [name, form] of Object.entries(json.forms ?? {})) {
    const ignored = form.ignored_intents ?? []
    forms.set(name, {
      name,
      requiredSlots: form.required_slots ?? [],
      ignoredIntents: typeof ignored === 'string' ? [ignored] : ignored,
    })
  }
  return forms
}

function orderActions(
  userActions: readonly string[],
  responses: ReadonlyMap<string, unknown>,
  forms: ReadonlyMap<string, unknown>,
  endToEnd: readonly string[],
): string[] {
  const own = new Set(userActions)
  const defaults: readonly string[] = DEFAULT_ACTIONS
  const spoken = [...responses.keys()].filter(name => !own.has(name)).toSorted(byCodePoint)
  return [
    ...defaults,
    ...[...userActions, ...spoken].filter(name => !defaults.includes(name)),
    ...[...forms.keys()].filter(name => !own.has(name)),
    ...endToEnd,
  ]
}

function readSlots(json: DomainJson, hasForms: boolean, hasKnowledgeBase: boolean): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  for (const [name, slot] of Object.entries(json.slots ?? {})) slots.set(name, createSlot(name, slot))
  const add = (name: string, slot: SlotJson): void => {
    if (!slots.has(name)) slots.set(name, createSlot(name, slot, true))
  }
  const silentText: SlotJson = { type: 'text', influence_conversation: false, mappings: [] }
  if (hasForms) add(REQUESTED_SLOT, silentText)
  if (hasKnowledgeBase) for (const name of KNOWLEDGE_BASE_SLOTS) add(name, silentText)
  add(SESSION_START_METADATA_SLOT, { type: 'any', mappings: [] })
  return slots
}

/** Actions that ask for the domain: with send_domain, and validators that are listed by name alone. */
function readNeedDomain(json: DomainJson): Set<string> {
  const names = new Set<string>()
  for (const item of json.actions ?? []) {
    const [name, options] = entryOf<{ readonly send_domain?: boolean }>(item)
    if (typeof item === 'string' ? name.startsWith('validate_') : options?.send_domain === true)
      names.add(name)
  }
  return names
}

/** The given keys without empty ones, intents sorted, session_config and version filled in. */
function asDict(
  json: DomainJson,
  session: { expirationMinutes: number; carryOverSlots: boolean },
): DomainJson {
  const kept = Object.fromEntries(Object.entries(json).filter(([, value]) => !isEmpty(value)))
  return {
    version: '3.1',
    ...kept,
    ...(json.intents === undefined || json.intents.length === 0
      ? {}
      : {
          intents: json.intents.map(plainFlags).toSorted((a, b) => byCodePoint(entryOf(a)[0], entryOf(b)[0])),
        }),
    session_config: json.session_config ?? {
      session_expiration_time: session.expirationMinutes,
      carry_over_slots_to_new_session: session.carryOverSlots,
    },
  }
}

type IntentEntry = NonNullable<DomainJson['intents']>[number]

/** `use_entities: false` or null is written as an empty list. */
function plainFlags(item: IntentEntry): IntentEntry {
  if (typeof item === 'string') return item
  return Object.fromEntries(
    Object.entries(item).map(([name, options]) => [
      name,
      {
        ...options,
        ...('use_entities' in options ? { use_entities: options.use_entities || [] } : {}),
        ...('ignore_entities' in options ? { ignore_entities: options.ignore_entities ?? [] } : {}),
      },
    ]),
  )
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
