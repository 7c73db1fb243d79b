// Ranks labels for short sequences of steps, the latest first: sparse fields, one layer of attention, and embeddings of
// sequence and label that are near each other where they belong together.

import type { SavedPart } from './codec.ts'
import { Adam } from './network/adam.ts'
import { attend } from './network/attention.ts'
import { ConnectedLayer, NormalizationLayer, type Parameter, SparseLayer } from './network/layers.ts'
import { severalLabelsLoss, similarityLoss } from './network/similarity-loss.ts'
import { add, dropout, gather, gelu, Matrix, Tape } from './network/tape.ts'
import { createRandom, type Random, range, shuffle } from './random.ts'
import { type SparseVector, stackRows } from './sparse-rows.ts'
import type { TrainingControl } from './training-control.ts'

export interface SequenceField {
  readonly name: string
  /** How many different features there are; a field without any is left out. */
  readonly width: number
  readonly units: number
  /** Units of a layer of its own, where the field has one. */
  readonly encoded?: number
}

export interface SequenceShape {
  readonly fields: readonly SequenceField[]
  readonly labels: number
  readonly units: number
  readonly heads: number
  readonly hidden: number
  readonly embedding: number
  readonly encodedLabel: number
  readonly density: number
  readonly penalty: number
}

/** A step: the features of each field, null where it has none. */
export type SequenceStep = readonly (SparseVector | null)[]

export interface SequenceExamples {
  /** Distinct steps. */
  readonly steps: readonly SequenceStep[]
  /** Numbers of steps, the latest first. */
  readonly sequences: readonly Uint32Array[]
  readonly labels: Uint32Array
  /** Labels that are right as well, by example: then each label is judged for itself, and several may be. */
  readonly alsoRight?: readonly ReadonlySet<number>[]
}

export interface SequenceTraining {
  readonly epochs: number
  /** First and last; it grows from epoch to epoch. */
  readonly batchSizes: readonly [number, number]
  readonly learningRate: number
  readonly dropRate: number
  readonly negatives: number
  readonly isConstrained: boolean
  readonly isScaled: boolean
}

interface Way {
  readonly tape: Tape | null
  readonly dropRate: number
  readonly random: Random
}

const PREDICTING: Way = { tape: null, dropRate: 0, random: () => 0 }

export class SequenceNetwork {
  readonly shape: SequenceShape
  readonly #seed: number
  readonly #fields: readonly {
    readonly sparse: SparseLayer
    readonly dense: ConnectedLayer | null
    readonly width: number
  }[]
  readonly #input: ConnectedLayer
  readonly #before: NormalizationLayer
  readonly #query: ConnectedLayer
  readonly #key: ConnectedLayer
  readonly #value: ConnectedLayer
  readonly #found: ConnectedLayer
  readonly #between: NormalizationLayer
  readonly #hidden: ConnectedLayer
  readonly #shown: ConnectedLayer
  readonly #after: NormalizationLayer
  readonly #embed: ConnectedLayer
  readonly #labelDense: ConnectedLayer
  readonly #labelEmbed: ConnectedLayer
  #labels: Matrix | null = null

  /** The network with the weights that the seed gives it. */
  constructor(shape: SequenceShape, seed: number) {
    this.shape = shape
    this.#seed = seed
    const { units, hidden, embedding, encodedLabel, density, penalty } = shape
    const random = createRandom(seed)
    const connected = (inputs: number, outputs: number, rest: object = {}): ConnectedLayer =>
      new ConnectedLayer({ inputs, outputs, density, ...rest }, random)
    this.#fields = shape.fields.map(({ width, units: own, encoded }) => ({
      sparse: new SparseLayer(width, own, penalty, random),
      dense: encoded === undefined ? null : connected(own, encoded, { penalty }),
      width: encoded ?? own,
    }))
    const all = this.#fields.reduce((sum, { width }) => sum + width, 0)
    this.#input = connected(all, units, { penalty })
    this.#before = new NormalizationLayer(units)
    this.#query = connected(units, units, { hasBias: false })
    this.#key = connected(units, units, { hasBias: false })
    this.#value = connected(units, units, { hasBias: false })
    this.#found = connected(units, units)
    this.#between = new NormalizationLayer(units)
    this.#hidden = connected(units, hidden)
    this.#shown = connected(hidden, units)
    this.#after = new NormalizationLayer(units)
    this.#embed = connected(units, embedding, { density: 1, penalty })
    this.#labelDense = connected(shape.labels, encodedLabel, { penalty })
    this.#labelEmbed = connected(encodedLabel, embedding, { density: 1, penalty })
  }

  /** Learns which label follows which sequence; rejects with the reason of `breathe`, and leaves the network half learned then. */
  async train(
    examples: SequenceExamples,
    options: SequenceTraining,
    control: TrainingControl,
  ): Promise<void> {
    const { epochs, batchSizes, dropRate } = options
    const random = createRandom(this.#seed ^ 0x5bd1e995)
    const adam = new Adam(this.#parameters(), options.learningRate)
    this.#labels = null
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      await control.breathe?.()
      control.onProgress?.(epoch / epochs)
      const size = Math.round(
        batchSizes[0] + ((batchSizes[1] - batchSizes[0]) * epoch) / Math.max(1, epochs - 1),
      )
      const order = balancedOrder(examples.labels, size, random)
      // A last batch that is less than half full is left out, but for the first.
      for (let start = 0; start === 0 || order.length - start >= size / 2; start += size) {
        const batch = order.slice(start, start + size)
        const tape = new Tape()
        const way = { tape, dropRate, random }
        const inputs = this.#embedSequences(
          examples.steps,
          batch.map(index => examples.sequences[index] ?? new Uint32Array()),
          way,
        )
        const labels = this.#embedLabels(way)
        const wanted = batch.map(index => examples.labels[index] ?? 0)
        const { alsoRight } = examples
        if (alsoRight === undefined) similarityLoss(inputs, labels, wanted, { ...options, random })
        else {
          const right = batch.map(index => alsoRight[index] ?? new Set<number>())
          severalLabelsLoss(inputs, labels, wanted, right, { ...options, random })
        }
        tape.backward()
        adam.step()
      }
    }
  }

  /** How near each label is to the sequence, whose steps come the latest first; softmax makes probabilities of them. */
  similarities(sequence: readonly SequenceStep[]): Float32Array {
    const input = this.#embedSequences(sequence, [range(sequence.length)], PREDICTING)
    this.#labels ??= this.#embedLabels(PREDICTING)
    const { embedding, labels } = this.shape
    const scores = new Float32Array(labels)
    for (let label = 0; label < labels; label += 1) {
      let dot = 0
      for (let c = 0; c < embedding; c += 1)
        dot += (input.values[c] ?? 0) * (this.#labels.values[label * embedding + c] ?? 0)
      scores[label] = dot
    }
    return scores
  }

  save(): SavedPart {
    return {
      header: { shape: this.shape, seed: this.#seed },
      tensors: Object.fromEntries(this.#parameters().map(({ values }, index) => [`p${index}`, values])),
    }
  }

  static load({ header, tensors }: SavedPart): SequenceNetwork {
    const { shape, seed } = header as { readonly shape: SequenceShape; readonly seed: number }
    const network = new SequenceNetwork(shape, seed)
    network.#parameters().forEach(({ values }, index) => {
      const saved = tensors[`p${index}`]
      if (saved?.length !== values.length)
        throw new Error('the weights of the saved network do not fit its shape')
      values.set(saved)
    })
    return network
  }

  #parameters(): Parameter[] {
    const layers: { readonly parameters: readonly Parameter[] }[] = [
      ...this.#fields.flatMap(({ sparse, dense }) => (dense === null ? [sparse] : [sparse, dense])),
      ...[this.#input, this.#before, this.#query, this.#key, this.#value, this.#found, this.#between],
      ...[this.#hidden, this.#shown, this.#after, this.#embed, this.#labelDense, this.#labelEmbed],
    ]
    return layers.flatMap(({ parameters }) => parameters)
  }

  /** A row a sequence. Steps that several sequences share are worked on once. */
  #embedSequences(steps: readonly SequenceStep[], sequences: readonly Uint32Array[], way: Way): Matrix {
    const { tape, dropRate, random } = way
    const used = new Map<number, number>()
    const tokens = new Map<number, number>()
    const tokenSteps: number[] = []
    const positions: number[] = []
    const rows = sequences.map(sequence =>
      Uint32Array.from(sequence, (step, position) => {
        if (!used.has(step)) used.set(step, used.size)
        const key = step * 65_536 + position
        const known = tokens.get(key)
        if (known !== undefined) return known
        tokens.set(key, tokens.size)
        tokenSteps.push(used.get(step) ?? 0)
        positions.push(position)
        return tokens.size - 1
      }),
    )
    const known = this.#embedSteps(
      [...used.keys()].map(index => steps[index] ?? []),
      way,
    )
    const placed = dropout(tape, placeAt(tape, gather(tape, known, tokenSteps), positions), dropRate, random)
    const normal = this.#before.apply(tape, placed)
    const latest = rows.map(row => row[0] ?? 0)
    const queries = this.#query.apply(tape, gather(tape, normal, latest))
    const keys = this.#key.apply(tape, normal)
    const values = this.#value.apply(tape, normal)
    const attended = attend(tape, { queries, keys, values, steps: rows, heads: this.shape.heads })
    const found = dropout(tape, this.#found.apply(tape, attended), dropRate, random)
    const seen = add(tape, gather(tape, placed, latest), found)
    const hidden = gelu(tape, this.#hidden.apply(tape, this.#between.apply(tape, seen)))
    const shown = this.#shown.apply(tape, dropout(tape, hidden, dropRate, random))
    const thought = this.#after.apply(tape, add(tape, seen, dropout(tape, shown, dropRate, random)))
    return this.#embed.apply(tape, gelu(tape, thought))
  }

  /** A row a step: its fields side by side, zero where a field has no features, then into one. */
  #embedSteps(steps: readonly SequenceStep[], { tape, dropRate, random }: Way): Matrix {
    const all = this.#fields.reduce((sum, { width }) => sum + width, 0)
    const joined = new Matrix(steps.length, all)
    let offset = 0
    this.#fields.forEach(({ sparse, dense, width }, field) => {
      const present: number[] = []
      const vectors: SparseVector[] = []
      steps.forEach((step, row) => {
        const vector = step[field]
        if (vector === null || vector === undefined) return
        present.push(row)
        vectors.push(vector)
      })
      const own = sparse.apply(tape, stackRows(vectors, this.shape.fields[field]?.width ?? 0))
      const encoded =
        dense === null ? own : dropout(tape, gelu(tape, dense.apply(tape, own)), dropRate, random)
      scatter(tape, encoded, joined, present, offset)
      offset += width
    })
    return this.#input.apply(tape, joined)
  }

  #embedLabels({ tape, dropRate, random }: Way): Matrix {
    const { labels } = this.shape
    const each = new Matrix(labels, labels)
    for (let label = 0; label < labels; label += 1) each.values[label * labels + label] = 1
    const encoded = dropout(tape, gelu(tape, this.#labelDense.apply(tape, each)), dropRate, random)
    return this.#labelEmbed.apply(tape, encoded)
  }
}

/** Writes the rows into columns of others. */
function scatter(
  tape: Tape | null,
  from: Matrix,
  into: Matrix,
  rows: readonly number[],
  offset: number,
): void {
  rows.forEach((row, index) => {
    into.values.set(
      from.values.subarray(index * from.columns, (index + 1) * from.columns),
      row * into.columns + offset,
    )
  })
  tape?.record(() => {
    rows.forEach((row, index) => {
      from.gradients.set(
        into.gradients.subarray(row * into.columns + offset, row * into.columns + offset + from.columns),
        index * from.columns,
      )
    })
  })
}

/** The rows made larger, with the signature of their position added: waves of ever longer periods. */
function placeAt(tape: Tape | null, input: Matrix, positions: readonly number[]): Matrix {
  const { rows, columns } = input
  const out = new Matrix(rows, columns)
  const factor = Math.sqrt(columns)
  for (let row = 0; row < rows; row += 1)
    for (let c = 0; c < columns; c += 1) {
      const angle = (positions[row] ?? 0) / 10_000 ** ((2 * Math.floor(c / 2)) / columns)
      const at = row * columns + c
      out.values[at] = (input.values[at] ?? 0) * factor + (c % 2 === 0 ? Math.sin(angle) : Math.cos(angle))
    }
  tape?.record(() => {
    for (let at = 0; at < out.values.length; at += 1)
      input.gradients[at] = (input.gradients[at] ?? 0) + factor * (out.gradients[at] ?? 0)
  })
  return out
}

/** An order of the examples in which rare labels come in every other batch, some of them several times. */
function balancedOrder(labels: Uint32Array, batchSize: number, random: Random): number[] {
  const byLabel = [...Map.groupBy(labels.keys(), index => labels[index] ?? 0).values()]
  for (const own of byLabel) shuffle(own, random)
  const states = byLabel.map(own => ({ own, next: 0, cycles: 0, isSkipped: false }))
  const order: number[] = []
  while (states.some(({ cycles }) => cycles === 0)) {
    const turn = range(states.length)
    shuffle(turn, random)
    for (const index of turn) {
      const state = states[index]
      if (state === undefined) continue
      if (state.cycles > 0 && !state.isSkipped) {
        state.isSkipped = true
        continue
      }
      state.isSkipped = false
      const count = Math.floor((state.own.length / labels.length) * batchSize) + 1
      order.push(...state.own.slice(state.next, state.next + count))
      state.next += count
      if (state.next >= state.own.length) {
        state.cycles += 1
        state.next = 0
      }
      if (states.every(({ cycles }) => cycles > 0)) break
    }
  }
  return order
}
