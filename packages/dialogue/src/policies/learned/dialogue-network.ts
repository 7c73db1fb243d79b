// Networks over the states of a dialogue: trained on steps of stories, asked with the states of a conversation.
// Where stories are few, much is left to chance, as two trainings of TED show: then several networks answer together.

import {
  createWorkspace,
  joinParts,
  type SavedPart,
  SequenceNetwork,
  type SequenceStep,
  splitParts,
} from '@tabula/ml'
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

/**
 * Networks at most, and how much work (examples times epochs) all of them may be. Where several labels may be right there is
 * one: thresholds follow from how one network's scores scatter, and the mean of several scatters less than real ones do.
 */
const MOST_NETWORKS = 4
/** Walks of states whose answers are kept, and distinct states that are known for them; one takes a few hundred bytes. */
const WALKS = 10_000
const STATES = 5000
const WORK = 120_000

/** States one after the other, as a tree of their numbers. */
interface Walk {
  next: Map<number, Walk> | null
  /** What the networks said of the states up to here. */
  said: Float32Array | null
}

export class DialogueNetwork {
  readonly encoder: StateEncoder
  readonly #networks: readonly SequenceNetwork[]
  /** Of the longest example: states further back were never learned from. */
  readonly #longest: number
  /** Conversations walk the same ways. */
  #start: Walk = { next: null, said: null }
  #walks = 0
  /** Distinct states by their text and by themselves, numbered, and each as a step. */
  readonly #numbers = new Map<string, number>()
  #looked = new WeakMap<State, number>()
  readonly #steps: SequenceStep[] = []

  private constructor(encoder: StateEncoder, networks: readonly SequenceNetwork[], longest: number) {
    this.encoder = encoder
    this.#networks = networks
    this.#longest = longest
  }

  /** How many states count: those before them change nothing. */
  get longest(): number {
    return this.#longest
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
    const data = {
      steps: states.map(state => encoder.encode(state)),
      sequences,
      labels: Uint32Array.from(examples, ({ label }) => label),
      ...(alsoRight === undefined ? {} : { alsoRight }),
    }
    const shape = {
      fields: encoder.fields(fieldUnits(options), encodedUnits(options)),
      labels,
      ...sizesOf(options),
    }
    const how = trainingOf(options)
    const fitting = Math.floor(WORK / (examples.length * how.epochs))
    const count = alsoRight === undefined ? Math.min(MOST_NETWORKS, Math.max(1, fitting)) : 1
    const own = options['random_seed']
    const first = typeof own === 'number' ? own : seed
    const networks: SequenceNetwork[] = []
    const space = createWorkspace()
    for (let index = 0; index < count; index += 1) {
      const network = new SequenceNetwork(shape, first + index * SEED_STEP)
      const control = {
        seed,
        onProgress: (fraction: number) => {
          onProgress((index + fraction) / count)
        },
        breathe: async () => {
          await new Promise(resolve => setImmediate(resolve))
          signal?.throwIfAborted()
        },
      }
      await network.train(data, how, control, space)
      networks.push(network)
    }
    return new DialogueNetwork(encoder, networks, Math.max(1, ...sequences.map(({ length }) => length)))
  }

  static load(saved: SavedPart, domain: Domain): DialogueNetwork {
    const { encoder, ...networks } = splitParts(saved)
    const header = (encoder?.header ?? {}) as unknown as EncoderHeader & { readonly longest: number }
    return new DialogueNetwork(
      new StateEncoder(domain, header),
      Object.entries(networks)
        .filter(([name]) => name.startsWith('network'))
        .map(([, network]) => SequenceNetwork.load(network)),
      header.longest,
    )
  }

  save(): SavedPart {
    return joinParts({
      encoder: { header: { ...this.encoder.header, longest: this.#longest }, tensors: {} },
      ...Object.fromEntries(this.#networks.map((network, index) => [`network${index}`, network.save()])),
    })
  }

  /** How near each label is to the states, which come oldest first. Not to be changed: it is given again for such states. */
  similarities(states: readonly State[]): Float32Array {
    const recent = states.slice(-this.#longest)
    if (this.#numbers.size + recent.length > STATES || this.#walks + recent.length > WALKS) this.#forget()
    let walk = this.#start
    for (const state of recent) walk = this.#after(walk, this.#numberOf(state))
    walk.said ??= this.#ask(recent)
    return walk.said
  }

  #after(walk: Walk, number: number): Walk {
    walk.next ??= new Map()
    const known = walk.next.get(number)
    if (known !== undefined) return known
    const made: Walk = { next: null, said: null }
    walk.next.set(number, made)
    this.#walks += 1
    return made
  }

  #numberOf(state: State): number {
    const looked = this.#looked.get(state)
    if (looked !== undefined) return looked
    const text = stateText(state)
    const number = this.#numbers.get(text) ?? this.#steps.push(this.encoder.encode(state)) - 1
    this.#numbers.set(text, number)
    this.#looked.set(state, number)
    return number
  }

  #forget(): void {
    this.#numbers.clear()
    this.#looked = new WeakMap()
    this.#start = { next: null, said: null }
    this.#walks = 0
    this.#steps.length = 0
  }

  #ask(states: readonly State[]): Float32Array {
    const steps = states.toReversed().map(state => this.#steps[this.#numberOf(state)] ?? [])
    const [first = new Float32Array(), ...others] = this.#networks.map(network => network.similarities(steps))
    for (const other of others) other.forEach((score, label) => (first[label] = (first[label] ?? 0) + score))
    return first.map(score => score / this.#networks.length)
  }
}

/** Between the seeds of two networks. */
const SEED_STEP = 1000

/** What a policy saves that had nothing to learn from. */
export const NOTHING_LEARNED: SavedPart = { header: {}, tensors: {} }

export function hasLearned({ header }: SavedPart): boolean {
  return Object.keys(header).length > 0
}
