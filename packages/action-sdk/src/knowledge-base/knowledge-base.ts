// What knowledge-base actions ask: objects of some types, each with attributes. A store extends it and answers.

import type { JsonValue } from '@tabula/protocol'

/** An object, such as a restaurant: its attributes by name. */
export type KnowledgeObject = Readonly<Record<string, JsonValue>>

/** One attribute that objects shall have. */
export interface AttributeFilter {
  readonly name: string
  readonly value: JsonValue
}

/** Picks what a mention such as "the second" means; `listed` are the keys of the objects that were listed last. */
export type OrdinalMention = (listed: readonly JsonValue[]) => JsonValue

/** A number from 0 up to 1, for the mention ANY and the order of lists; a test gives its own. */
export type Chance = () => number

export abstract class KnowledgeBase {
  /** By the value of the entity `mention`: `1` to `10`, `ANY` and `LAST`; an own map takes their place. */
  ordinalMentions: Readonly<Record<string, OrdinalMention>>
  readonly #keys = new Map<string, string>()
  readonly #representations = new Map<string, (object: KnowledgeObject) => string>()

  constructor(chance: Chance = Math.random) {
    const numbered = Array.from({ length: 10 }, (_, index): [string, OrdinalMention] => [
      String(index + 1),
      listed => listed[index] ?? null,
    ])
    this.ordinalMentions = {
      ...Object.fromEntries(numbered),
      ANY: listed => listed[Math.floor(chance() * listed.length)] ?? null,
      LAST: listed => listed.at(-1) ?? null,
    }
  }

  /** The types of objects that there are. */
  abstract getObjectTypes(): readonly string[] | Promise<readonly string[]>

  /** The attributes that objects of that type have. */
  abstract getAttributesOfObject(objectType: string): readonly string[] | Promise<readonly string[]>

  /** At most `limit` objects with all of the attributes. */
  abstract getObjects(
    objectType: string,
    attributes: readonly AttributeFilter[],
    limit?: number,
  ): readonly KnowledgeObject[] | Promise<readonly KnowledgeObject[]>

  /** The object whose key it is, or the only one whose representation has the text in it; null for none or several. */
  abstract getObject(
    objectType: string,
    identifier: JsonValue,
  ): KnowledgeObject | null | Promise<KnowledgeObject | null>

  /** The attribute that tells objects apart; `id` unless it was set. */
  getKeyAttributeOfObject(objectType: string): string | Promise<string> {
    return this.#keys.get(objectType) ?? 'id'
  }

  setKeyAttributeOfObject(objectType: string, attribute: string): void {
    this.#keys.set(objectType, attribute)
  }

  /** How an object is named to the user: its `name` unless a function was set. */
  getRepresentationOfObject(objectType: string, object: KnowledgeObject): string | Promise<string> {
    const represent = this.#representations.get(objectType)
    return represent === undefined ? asText(object['name'] ?? null) : represent(object)
  }

  setRepresentationOfObject(objectType: string, represent: (object: KnowledgeObject) => string): void {
    this.#representations.set(objectType, represent)
  }
}

/** A value as text, for people and for comparing. */
export function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
