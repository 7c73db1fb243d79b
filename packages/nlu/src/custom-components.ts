// Components of a project's own: TypeScript or JavaScript classes that config.yml names by their path, as Rasa names Python's.
// `components.sentiment.SentimentAnalyzer` is the export SentimentAnalyzer of components/sentiment.ts in the project.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SavedPart } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type {
  Component,
  ComponentConfig,
  ComponentContext,
  ComponentKind,
  ComponentType,
} from './component.ts'

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

/** Makes a class known under the path that config.yml names it by; a later one of the same path takes its place. */
export function registerComponent(path: string, type: CustomComponentClass): void {
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

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/
const ENDINGS = ['.ts', '.mjs', '.js']

/**
 * Registers every class that the pipeline names by a path of the project (a folder). Names without a file there are left
 * alone, for checkPipeline to complain of. Throws CodedError for a file that cannot be loaded or lacks the class.
 */
export async function loadCustomComponents(
  configs: readonly ComponentConfig[],
  project: string,
): Promise<void> {
  for (const { name } of configs) {
    if (!PATH.test(name) || name.startsWith('rasa.') || name.startsWith('node_modules.')) continue
    if (registered.has(name)) continue
    const parts = name.split('.')
    const exported = parts.pop() ?? ''
    const file = ENDINGS.map(ending => join(project, `${parts.join('/')}${ending}`)).find(path =>
      existsSync(path),
    )
    if (file === undefined) continue
    registerComponent(name, await loadClass(file, exported, name))
  }
}

async function loadClass(file: string, exported: string, name: string): Promise<CustomComponentClass> {
  let loaded: Readonly<Record<string, unknown>>
  try {
    loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw wrong(name, file, `it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`)
  }
  const found = loaded[exported]
  if (typeof found !== 'function') throw wrong(name, file, `it has no export ${exported} that is a class`)
  const type = found as unknown as CustomComponentClass
  if (!Array.isArray(type.kinds) || type.kinds.length === 0)
    throw wrong(name, file, `its class ${exported} has no static kinds (such as ['featurizer'])`)
  return type
}

function wrong(name: string, file: string, reason: string): CodedError {
  return new CodedError('config.custom-component', `The component '${name}' is in ${file}, but ${reason}.`, {
    status: 400,
  })
}
