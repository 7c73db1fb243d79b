// Components whose engines are Python libraries: the project trains all the same, with something of ours in their place.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentKind, ComponentType } from './component.ts'

export interface StandIn {
  readonly type: ComponentType
  /** What takes its place, as the end of a sentence. */
  readonly says: string
}

/** The component under another name, with these options of its own in place of the config's. */
export function replaceBy(name: string, base: ComponentType, options: JsonObject = {}): StandIn {
  const merge = (given: JsonObject): JsonObject => {
    const shared = Object.entries(given).filter(([key]) => key in base.defaults)
    return { ...base.defaults, ...Object.fromEntries(shared), ...options }
  }
  return {
    says: `${base.name} takes its place`,
    type: {
      name,
      kinds: base.kinds,
      requires: base.requires,
      defaults: base.defaults,
      create: (given, context) => base.create(merge(given), context),
      load: (saved, given, context) => base.load(saved, merge(given), context),
    },
  }
}

/** A component that changes nothing. */
export function doNothing(name: string, kinds: readonly ComponentKind[], says: string): StandIn {
  const component: Component = { process: () => undefined, save: () => ({ header: {}, tensors: {} }) }
  return {
    says,
    type: { name, kinds, requires: [], defaults: {}, create: () => component, load: () => component },
  }
}
