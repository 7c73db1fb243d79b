// A network over the states of a dialogue: trained on steps of stories, asked with the states of a conversation.

import { joinParts, type SavedPart, SequenceNetwork, splitParts } from '@tabula/ml'
import type { Domain } from '../../domain/domain.ts'
import { stateText } from '../../stories/state-text.ts'
import type { State } from '../../tracker/state.ts'
import type { PolicyTraining } from '../policy-type.ts'
import { encodedUnits, fieldUnits, sizesOf, trainingOf } from './network-options.ts'
import { type EncoderHeader, StateEncoder } from './state-encoder.ts'

export interface NetworkExample {
  /** Oldest first, as policies see them. */
  readonly states: readonly State[]
  readonly label: number
}

export class DialogueNetwork {
  readonly encoder: StateEncoder
  readonly #network: SequenceNetwork
  /** Of the longest example: states further back were never learned from. */
  readonly #longest: number

  private constructor(encoder: StateEncoder, network: SequenceNetwork, longest: number) {
    this.encoder = encoder
    this.#network = network
    this.#longest = longest
  }

  /** The network that has learned the examples; with `alsoRight` several labels may be right for one of them. */
  static async train(
    examples: readonly NetworkExample[],
    labels: number,
    { domain, options, seed, onProgress, signal }: PolicyTraining,
    alsoRight?: readonly ReadonlySet<number>[],
  ): Promise<DialogueNetwork> {
    const distinct = new Map<string, { readonly number: number; readonly state: State }>()
    const sequences = examples.map(({ states }) =>
      Uint32Array.from(states.toReversed(), state => {
        const text = stateText(state)
        const known = distinct.get(text) ?? { number: distinct.size, state }
        distinct.set(text, known)
        return known.number
      }),
    )
    const states = [...distinct.values()].map(({ state }) => state)
    const encoder = StateEncoder.of(domain, states)
    const own = options['random_seed']
    const network = new SequenceNetwork(
      { fields: encoder.fields(fieldUnits(options), encodedUnits(options)), labels, ...sizesOf(options) },
      typeof own === 'number' ? own : seed,
    )
    await network.train(
      {
        steps: states.map(state => encoder.encode(state)),
        sequences,
        labels: Uint32Array.from(examples, ({ label }) => label),
        ...(alsoRight === undefined ? {} : { alsoRight }),
      },
      trainingOf(options),
      {
        seed,
        onProgress,
        breathe: async () => {
          await new Promise(resolve => setImmediate(resolve))
          signal?.throwIfAborted()
        },
      },
    )
    return new DialogueNetwork(encoder, network, Math.max(1, ...sequences.map(({ length }) => length)))
  }

  static load(saved: SavedPart, domain: Domain): DialogueNetwork {
    const { encoder, network } = splitParts(saved)
    const header = (encoder?.header ?? {}) as unknown as EncoderHeader & { readonly longest: number }
    return new DialogueNetwork(
      new StateEncoder(domain, header),
      SequenceNetwork.load(network ?? { header: {}, tensors: {} }),
      header.longest,
    )
  }

  save(): SavedPart {
    return joinParts({
      encoder: { header: { ...this.encoder.header, longest: this.#longest }, tensors: {} },
      network: this.#network.save(),
    })
  }

  /** How near each label is to the states, which come oldest first. */
  similarities(states: readonly State[]): Float32Array {
    const kept = states.slice(-this.#longest).toReversed()
    return this.#network.similarities(kept.map(state => this.encoder.encode(state)))
  }
}

/** What a policy saves that had nothing to learn from. */
export const NOTHING_LEARNED: SavedPart = { header: {}, tensors: {} }

export function hasLearned({ header }: SavedPart): boolean {
  return Object.keys(header).length > 0
}
