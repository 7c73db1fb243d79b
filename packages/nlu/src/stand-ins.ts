// Components whose engines are Python libraries: the project trains all the same, with the nearest of ours in their place, and
// is told so in one warning each. With `--strict` the same words are an error.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentKind, ComponentType } from './component.ts'

export interface StandIn {
  readonly type: ComponentType
  /** Whether the options name what runs here as it is (a local encoder): then nothing stands in. */
  readonly isAtHome?: (options: JsonObject) => boolean
  readonly words: StandInWords
}

export interface StandInWords {
  /** The library that the component runs on in Rasa. */
  readonly library: string
  /** What stands in for it, as the subject of a sentence. */
  readonly standsIn: string
  /** What may differ, as a sentence. */
  readonly differs: string
  /** What to write in config.yml instead, as the end of `Write … `. */
  readonly instead: string
}

/** The component under another name; of the config's options those count that it shares. */
export function replaceBy(name: string, base: ComponentType, words: StandInWords): StandIn {
  const merge = (given: JsonObject): JsonObject => ({
    ...base.defaults,
    ...Object.fromEntries(Object.entries(given).filter(([key]) => key in base.defaults)),
  })
  return {
    words,
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
export function doNothing(name: string, kinds: readonly ComponentKind[], words: StandInWords): StandIn {
  return { words, type: { name, kinds, requires: [], defaults: {}, create: idle, load: idle } }
}

function idle(): Component {
  return { process: () => undefined, save: () => ({ header: {}, tensors: {} }) }
}
