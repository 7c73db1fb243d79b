// Components of a project's own: classes that config.yml names by a path, as Rasa names Python's.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentKind, ComponentType } from './component.ts'

/** What a project's class is: a component whose constructor takes its options and context. */
export interface CustomComponentClass {
  new (options: JsonObject, context: ComponentContext): CustomComponent
  readonly kinds: readonly ComponentKind[]
  readonly requires?: readonly ComponentKind[]
  readonly defaults?: JsonObject
}

export interface CustomComponent extends Omit<Component, 'save'> {
  /** What `restore` needs; left out where nothing is learned. */
  save?(): SavedPart
  /** Called after the constructor in a process that loads a trained model. */
  restore?(saved: SavedPart): void
}

const registered = new Map<string, ComponentType>()

/**
 * Makes a class known under the path that config.yml names it by; a later one of the same path takes its place. Throws
 * CodedError where it does not say what kind of component it is.
 */
export function registerComponent(path: string, type: CustomComponentClass): void {
  const kinds: unknown = type.kinds
  if (!Array.isArray(kinds) || kinds.length === 0)
    throw new CodedError(
      'config.custom-class',
      `The component '${path}' has no static kinds (such as ['featurizer']).`,
      { status: 400 },
    )
  const wrap = (options: JsonObject, context: ComponentContext, saved: SavedPart | null): Component => {
    const component = new type(options, context)
    if (saved !== null) component.restore?.(saved)
    return {
      ...(component.train === undefined
        ? {}
        : { train: (messages, data, training) => component.train?.(messages, data, training) }),
      process: message => component.process(message),
      save: () => component.save?.() ?? { header: {}, tensors: {} },
    }
  }
  registered.set(path, {
    name: path,
    kinds: type.kinds,
    requires: type.requires ?? [],
    defaults: type.defaults ?? {},
    create: (options, context) => wrap(options, context, null),
    load: (saved, options, context) => wrap(options, context, saved),
  })
}

/** The registered component of a path, or null. */
export function findCustomComponent(path: string): ComponentType | null {
  return registered.get(path) ?? null
}
