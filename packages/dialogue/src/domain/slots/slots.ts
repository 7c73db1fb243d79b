// The table of slot types by Rasa's names, and how a slot is made of its entry in the domain.

import { CodedError, type SlotJson } from '@tabula/protocol'
import { anySlot } from './any-slot.ts'
import { boolSlot } from './bool-slot.ts'
import { categoricalSlot } from './categorical-slot.ts'
import { floatSlot } from './float-slot.ts'
import { listSlot } from './list-slot.ts'
import type { Slot, SlotType, SlotTypeFactory } from './slot.ts'
import { textSlot } from './text-slot.ts'

const types = new Map<string, SlotTypeFactory>([
  ['text', textSlot],
  ['bool', boolSlot],
  ['float', floatSlot],
  ['list', listSlot],
  ['categorical', categoricalSlot],
  ['any', anySlot],
])

/** Makes a custom slot type known under the class path that domains name (`my_bot.slots.NetSlot`). */
export function registerSlotType(classPath: string, factory: SlotTypeFactory): void {
  types.set(classPath, factory)
}

/** A project's class of slots: made with the slot's name and its entry in the domain. */
export type SlotTypeClass = new (name: string, json: SlotJson) => SlotType

/** Makes a class known under its path; slots of it throw CodedError where it lacks what a type must have. */
export function registerSlotClass(path: string, type: SlotTypeClass): void {
  registerSlotType(path, (name, json) => {
    const made = new type(name, json)
    const { featureCount, features } = made as Partial<SlotType>
    if (!Number.isInteger(featureCount) || typeof features !== 'function')
      throw new CodedError(
        'domain.slot-type',
        `The type '${path}' of the slot '${name}' needs a whole number featureCount and a method features(value).`,
        { status: 400 },
      )
    return made
  })
}

/** The slot of a domain's entry; throws CodedError `domain.slot-type` where the type is not known. */
export function createSlot(name: string, json: SlotJson, isAutomatic = false): Slot {
  const factory = types.get(json.type)
  if (factory === undefined)
    throw new CodedError(
      'domain.slot-type',
      `The slot '${name}' has the type '${json.type}', which is not known. Known types: ${[...types.keys()].join(', ')}. A type of your own is named by its path: 'slots.net.NetSlot' is the export NetSlot of slots/net.ts.`,
      { status: 400 },
    )
  const type = factory(name, json)
  const influences = json.type !== 'any' && json.influence_conversation !== false
  return {
    name,
    type: json.type,
    initialValue: json.initial_value ?? null,
    influencesConversation: influences,
    mappings: json.mappings,
    isAutomatic,
    featureCount: influences ? type.featureCount : 0,
    features: influences ? value => type.features(value) : () => [],
    stored: value => type.stored?.(value) ?? value,
  }
}
