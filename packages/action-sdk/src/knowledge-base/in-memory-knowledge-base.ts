// Objects out of a JSON file, or out of code: `{"restaurant": [{"id": 0, "name": "PastaBar", "cuisine": "Italian"}]}`.

import { readFileSync } from 'node:fs'
import { CodedError } from '@tabula/protocol'
import type { JsonValue } from '@tabula/protocol'
import type { AttributeFilter, Chance, KnowledgeObject } from './knowledge-base.ts'
import { asText, KnowledgeBase } from './knowledge-base.ts'

/** Objects by type. */
export type KnowledgeData = Readonly<Record<string, readonly KnowledgeObject[]>>

export class InMemoryKnowledgeBase extends KnowledgeBase {
  readonly #data: KnowledgeData
  readonly #chance: Chance

  /** `source` is the path of a JSON file, or what it would hold. Throws CodedError `knowledge-base.data` with what is wrong. */
  constructor(source: string | URL | KnowledgeData, chance: Chance = Math.random) {
    super(chance)
    this.#chance = chance
    const isFile = typeof source === 'string' || source instanceof URL
    this.#data = checkData(isFile ? readData(source) : source, isFile ? String(source) : 'The knowledge base')
  }

  override getObjectTypes(): readonly string[] {
    return Object.keys(this.#data)
  }

  /** Those of the type's first object, as in rasa-sdk. */
  override getAttributesOfObject(objectType: string): readonly string[] {
    return Object.keys(this.#objects(objectType)[0] ?? {})
  }

  /** In a random order, so that the same five are not always named, as in rasa-sdk. */
  override getObjects(
    objectType: string,
    attributes: readonly AttributeFilter[],
    limit = 5,
  ): readonly KnowledgeObject[] {
    const found = this.#objects(objectType).filter(object =>
      attributes.every(({ name, value }) => isSame(object[name] ?? null, value)),
    )
    return this.#shuffled(found).slice(0, limit)
  }

  override async getObject(objectType: string, identifier: JsonValue): Promise<KnowledgeObject | null> {
    const wanted = asText(identifier).toLowerCase()
    const key = await this.getKeyAttributeOfObject(objectType)
    const objects = this.#objects(objectType)
    let found = objects.filter(object => asText(object[key] ?? null).toLowerCase() === wanted)
    if (found.length === 0) {
      const names = await Promise.all(
        objects.map(async object => this.getRepresentationOfObject(objectType, object)),
      )
      found = objects.filter((_, index) => names[index]?.toLowerCase().includes(wanted) === true)
    }
    return found.length === 1 ? (found[0] ?? null) : null
  }

  #objects(objectType: string): readonly KnowledgeObject[] {
    return Object.hasOwn(this.#data, objectType) ? (this.#data[objectType] ?? []) : []
  }

  /** Fisher and Yates' shuffle. */
  #shuffled(objects: readonly KnowledgeObject[]): KnowledgeObject[] {
    const shuffled = [...objects]
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = Math.floor(this.#chance() * (last + 1))
      const [a, b] = [shuffled[last], shuffled[other]]
      if (a === undefined || b === undefined) continue
      shuffled[last] = b
      shuffled[other] = a
    }
    return shuffled
  }
}

function readData(file: string | URL): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CodedError('knowledge-base.data', `${String(file)} cannot be read.`, { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CodedError('knowledge-base.data', `${String(file)} is no JSON: ${reason}`, { cause })
  }
}

function checkData(data: unknown, name: string): KnowledgeData {
  const isObject = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const isData =
    isObject(data) &&
    Object.values(data as object).every(objects => Array.isArray(objects) && objects.every(isObject))
  if (isData) return data as KnowledgeData
  throw new CodedError(
    'knowledge-base.data',
    `${name} should hold a list of objects for each type of object.`,
  )
}

function isSame(value: JsonValue, wanted: JsonValue): boolean {
  return value === wanted || JSON.stringify(value) === JSON.stringify(wanted)
}
