// States as a learner sees them: sparse features of the message, the action before, entities, slots and the loop. Like
// TED's, the message counts only where the bot has just listened, and a field exists only if some story has it.

import type { SequenceField, SequenceStep, SparseVector } from '@tabula/ml'
import { ACTION_LISTEN } from '../../domain/default-names.ts'
import type { Domain } from '../../domain/domain.ts'
import type { State } from '../../tracker/state.ts'
import { pieces } from './text-pieces.ts'

const FIELDS = ['user', 'action', 'entities', 'slots', 'active_loop'] as const
type FieldName = (typeof FIELDS)[number]

/** What an encoder knows beside the domain. */
export interface EncoderHeader {
  readonly fields: readonly FieldName[]
  /** Pieces of texts that stories have, for end-to-end learning. */
  readonly userPieces: readonly string[]
  readonly botPieces: readonly string[]
}

type Feature = readonly [column: number, value: number]

export class StateEncoder {
  readonly header: EncoderHeader
  readonly #columns: Readonly<Record<FieldName, ReadonlyMap<string, number>>>

  constructor(domain: Domain, header: EncoderHeader) {
    this.header = header
    const marked = (texts: readonly string[]): string[] => texts.map(text => `text ${text}`)
    const loops = [...domain.forms.keys(), ...domain.actions.filter(name => !domain.forms.has(name))]
    this.#columns = {
      user: numbered([...domain.intents.keys(), ...marked(header.userPieces)]),
      action: numbered([...domain.actions, ...marked(header.botPieces)]),
      entities: numbered(entityFeatures(domain)),
      slots: numbered(
        [...domain.slots.values()].flatMap(slot =>
          Array.from({ length: slot.featureCount }, (_, index) => `${slot.name} ${index}`),
        ),
      ),
      active_loop: numbered(loops),
    }
  }

  /** The encoder for these states: with the fields and the texts that they have. */
  static of(domain: Domain, states: Iterable<State>): StateEncoder {
    const fields = new Set<FieldName>()
    const userPieces = new Set<string>()
    const botPieces = new Set<string>()
    for (const state of states) {
      const { user, prev_action } = state
      if (isListening(state) && user !== undefined) {
        fields.add('user')
        if (user.entities !== undefined) fields.add('entities')
        for (const piece of pieces(user.text ?? '')) userPieces.add(piece)
      }
      if (prev_action !== undefined) fields.add('action')
      for (const piece of pieces(prev_action?.action_text ?? '')) botPieces.add(piece)
      if (state.slots !== undefined) fields.add('slots')
      if (state.active_loop !== undefined) fields.add('active_loop')
    }
    return new StateEncoder(domain, {
      fields: FIELDS.filter(field => fields.has(field)),
      userPieces: [...userPieces],
      botPieces: [...botPieces],
    })
  }

  /** Whether stories have messages by their words: then a message can be judged by them too. */
  get knowsTexts(): boolean {
    return this.header.userPieces.length > 0
  }

  fields(units: number, encoded: number): SequenceField[] {
    return this.header.fields.map(name => ({
      name,
      width: Math.max(1, this.#columns[name].size),
      units,
      ...(name === 'user' || name === 'action' ? { encoded } : {}),
    }))
  }

  /** A state's features by field; what stories or the domain do not have is left out. */
  encode(state: State): SequenceStep {
    return this.header.fields.map(field => {
      const features = this.#features(field, state)
      return features === null ? null : vectorOf(features)
    })
  }

  #features(field: FieldName, state: State): Feature[] | null {
    const find = (names: readonly string[], value = 1): Feature[] =>
      names.flatMap(name => {
        const column = this.#columns[field].get(name)
        return column === undefined ? [] : [[column, value] as const]
      })
    const { user, prev_action, slots, active_loop } = state
    switch (field) {
      case 'user': {
        if (!isListening(state) || user === undefined) return null
        const words = pieces(user.text ?? '').map(piece => `text ${piece}`)
        return [
          ...find(user.intent === undefined ? [] : [user.intent]),
          ...find(words, 1 / Math.sqrt(words.length)),
        ]
      }
      case 'action': {
        if (prev_action === undefined) return null
        const { action_name, action_text } = prev_action
        const words = pieces(action_text ?? '').map(piece => `text ${piece}`)
        return [
          ...find(action_name === undefined ? [] : [action_name]),
          ...find(words, 1 / Math.sqrt(words.length)),
        ]
      }
      case 'entities':
        return isListening(state) && user?.entities !== undefined ? find(user.entities) : null
      case 'slots':
        return slots === undefined
          ? null
          : Object.entries(slots).flatMap(([name, values]) =>
              typeof values === 'string'
                ? []
                : values.flatMap((value, index) => (value === 0 ? [] : find([`${name} ${index}`], value))),
            )
      case 'active_loop':
        return active_loop === undefined ? null : find([active_loop.name])
    }
  }
}

function isListening({ prev_action }: State): boolean {
  return prev_action?.action_name === ACTION_LISTEN
}

function entityFeatures(domain: Domain): string[] {
  return [...domain.entities.values()].flatMap(({ name, roles, groups }) => [
    name,
    ...[...roles, ...groups].map(label => `${name}#${label}`),
  ])
}

function numbered(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(names)].map((name, column) => [name, column]))
}

function vectorOf(features: readonly Feature[]): SparseVector {
  const sorted = features.toSorted(([a], [b]) => a - b)
  return {
    indices: Uint32Array.from(sorted, ([column]) => column),
    values: Float32Array.from(sorted, ([, value]) => value),
  }
}
