// Ranks labels for short sequences of steps, the latest first: sparse fields, one layer of attention, and embeddings of
// sequence and label that are near each other where they belong together.

import { balancedOrder } from './balanced-order.ts'
import type { SavedPart } from './codec.ts'
import { Adam } from './network/adam.ts'
import { attend } from './network/attention.ts'
import { ConnectedLayer, type Drawn, NormalizationLayer, SparseLayer } from './network/layers.ts'
import { Matrix, Rows, Tape } from './network/matrix.ts'
import {
  add,
  addPairs,
  dropout,
  gather,
  gelu,
  type Noise,
  scatter,
  stack,
  times,
  toMatrix,
  toRows,
} from './network/operations.ts'
import type { Parameter } from './network/parameter.ts'
import { severalLabelsLoss, similarityLoss } from './network/similarity-loss.ts'
import { createWorkspace, PLAIN_WORKSPACE, type Workspace } from './network/workspace.ts'
import { createRandom, range } from './random.ts'
import type { SequenceExamples, SequenceShape, SequenceStep, SequenceTraining } from './sequence-shape.ts'
import { type SparseVector, stackRows } from './sparse-rows.ts'
import type { TrainingControl } from './training-control.ts'

/** How a network works just now: where its numbers are, and whether it learns. */
interface Way {
  readonly space: Workspace
  readonly tape: Tape | null
  readonly dropRate: number
  readonly noise: Noise
}

const PREDICTING: Way = { space: PLAIN_WORKSPACE, tape: null, dropRate: 0, noise: { state: 0 } }

/** Steps as the network sees them; rows are steps. */
interface SeenSteps {
  readonly known: Matrix
  readonly queries: Rows
  readonly keys: Rows
  readonly values: Rows
}

/** What positions add to keys and values; rows are positions, the latest step's first. */
interface Places {
  readonly keys: Rows
  readonly values: Rows
}

/** Between the seed of the weights and those of what else is drawn. */
const LINKS = 0x2545f491
const TRAINING = 0x5bd1e995
const NOISE = 0x1b873593

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
  readonly #keyPlace: ConnectedLayer
  readonly #valuePlace: ConnectedLayer
  readonly #found: ConnectedLayer
  readonly #between: NormalizationLayer
  readonly #hidden: ConnectedLayer
  readonly #shown: ConnectedLayer
  readonly #after: NormalizationLayer
  readonly #embed: ConnectedLayer
  readonly #labelDense: ConnectedLayer
  readonly #labelEmbed: ConnectedLayer
  /** For predicting: what does not change from sequence to sequence. */
  #labels: Matrix | null = null
  #places: Places | null = null
  #seen = new WeakMap<SequenceStep, SeenSteps>()
  readonly #waves: Float32Array[] = []

  /** The network with the weights that the seed gives it; with `isToLoad` they are zero, and the connections the seed's. */
  constructor(shape: SequenceShape, seed: number, isToLoad = false) {
    this.shape = shape
    this.#seed = seed
    const { units, hidden, embedding, encodedLabel, density, penalty } = shape
    const random: Drawn = isToLoad ? null : createRandom(seed)
    const ways = createRandom(seed ^ LINKS)
    const connected = (inputs: number, outputs: number, rest: object = {}): ConnectedLayer =>
      new ConnectedLayer({ inputs, outputs, density, ...rest }, ways, random)
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
    this.#keyPlace = connected(units, units, { hasBias: false })
    this.#valuePlace = connected(units, units, { hasBias: false })
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
    space: Workspace = createWorkspace(),
  ): Promise<void> {
    const beginning = space.mark()
    const parameters = this.#parameters()
    for (const layer of this.#connected()) layer.enter(space)
    for (const each of parameters) each.enter(space)
    try {
      await this.#learn(examples, options, control, space)
    } finally {
      for (const layer of this.#connected()) layer.leave()
      for (const each of parameters) each.leave()
      space.release(beginning)
      this.#labels = null
      this.#places = null
      this.#seen = new WeakMap()
    }
  }

  async #learn(
    examples: SequenceExamples,
    options: SequenceTraining,
    control: TrainingControl,
    space: Workspace,
  ): Promise<void> {
    const { epochs, batchSizes, dropRate } = options
    const random = createRandom(this.#seed ^ TRAINING)
    const noise = { state: (this.#seed ^ NOISE) >>> 0 }
    const adam = new Adam(space, this.#parameters(), options.learningRate)
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
        const mark = space.mark()
        const tape = new Tape()
        const way = { space, tape, dropRate, noise }
        const sequences = batch.map(index => examples.sequences[index] ?? new Uint32Array())
        const inputs = this.#embedSequences(examples.steps, sequences, way)
        const ends = stack(tape, toRows(tape, inputs), toRows(tape, this.#embedLabels(way)))
        const wanted = batch.map(index => examples.labels[index] ?? 0)
        const { alsoRight } = examples
        if (alsoRight === undefined) similarityLoss(ends, wanted, { ...options, random })
        else {
          const right = batch.map(index => alsoRight[index] ?? new Set<number>())
          severalLabelsLoss(ends, wanted, right, { ...options, random })
        }
        tape.backward()
        adam.step()
        space.release(mark)
      }
    }
  }

  /** How near each label is to the sequence, whose steps come the latest first; softmax makes probabilities of them. */
  similarities(sequence: readonly SequenceStep[]): Float32Array {
    const input = this.#think(...this.#look(sequence), PREDICTING)
    this.#labels ??= this.#embedLabels(PREDICTING)
    const { embedding, labels } = this.shape
    const scores = new Float32Array(labels)
    for (let c = 0; c < embedding; c += 1) {
      const own = input.values[c] ?? 0
      for (let label = 0; label < labels; label += 1)
        scores[label] = scores[label]! + own * this.#labels.values[c * labels + label]!
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
    const network = new SequenceNetwork(shape, seed, true)
    network.#parameters().forEach((parameter, index) => {
      const saved = tensors[`p${index}`]
      if (saved?.length !== parameter.values.length || !(saved instanceof Float32Array))
        throw new Error('the weights of the saved network do not fit its shape')
      parameter.values = saved
    })
    return network
  }

  #layers(): readonly (SparseLayer | ConnectedLayer | NormalizationLayer)[] {
    return [
      ...this.#fields.flatMap(({ sparse, dense }) => (dense === null ? [sparse] : [sparse, dense])),
      ...[this.#input, this.#before, this.#query, this.#key, this.#value, this.#keyPlace, this.#valuePlace],
      ...[this.#found, this.#between, this.#hidden, this.#shown, this.#after, this.#embed],
      ...[this.#labelDense, this.#labelEmbed],
    ]
  }

  #connected(): readonly ConnectedLayer[] {
    return this.#layers().filter(layer => layer instanceof ConnectedLayer)
  }

  #parameters(): readonly Parameter[] {
    return this.#layers().flatMap(({ parameters }): readonly Parameter[] => parameters)
  }

  /** A row a sequence. Steps that several sequences share are worked on once. */
  #embedSequences(steps: readonly SequenceStep[], sequences: readonly Uint32Array[], way: Way): Matrix {
    const { tape } = way
    let longest = 0
    for (const { length } of sequences) longest = Math.max(longest, length)
    const used: number[] = []
    // By step, and by step and position: the row that it has, plus one; zero where it has none yet.
    const rowOf = new Uint32Array(steps.length)
    const tokenOf = new Uint32Array(steps.length * longest)
    const tokenSteps: number[] = []
    const positions: number[] = []
    const rows = sequences.map(sequence => {
      const own = new Uint32Array(sequence.length)
      for (let position = 0; position < sequence.length; position += 1) {
        const step = sequence[position]!
        if (rowOf[step] === 0) rowOf[step] = used.push(step)
        const key = step * longest + position
        if (tokenOf[key] === 0) {
          tokenOf[key] = positions.push(position)
          tokenSteps.push(rowOf[step]! - 1)
        }
        own[position] = tokenOf[key]! - 1
      }
      return { query: Math.max(0, rowOf[sequence[0] ?? 0]! - 1), steps: own }
    })
    const seen = this.#see(
      used.map(index => steps[index] ?? []),
      way,
    )
    const places = this.#place(longest, way)
    const attended = attend(tape, {
      queries: seen.queries,
      keys: addPairs(tape, [seen.keys, tokenSteps], [places.keys, positions]),
      values: addPairs(tape, [seen.values, tokenSteps], [places.values, positions]),
      sequences: rows,
      heads: this.shape.heads,
    })
    const latest = gather(
      tape,
      seen.known,
      rows.map(({ query }) => query),
    )
    return this.#think(latest, attended, way)
  }

  /** As #embedSequences for one sequence, with what is known of its steps from earlier sequences. */
  #look(sequence: readonly SequenceStep[]): [latest: Matrix, attended: Rows] {
    const seen = sequence.map(step => {
      const known = this.#seen.get(step) ?? this.#see([step], PREDICTING)
      this.#seen.set(step, known)
      return known
    })
    const latest = seen[0] ?? this.#see([[]], PREDICTING)
    if ((this.#places?.keys.count ?? 0) < sequence.length)
      this.#places = this.#place(Math.max(16, 2 * sequence.length), PREDICTING)
    const { units } = this.shape
    const placed = (side: 'keys' | 'values'): Rows => {
      const rows = new Rows(PLAIN_WORKSPACE, sequence.length, units)
      const places = this.#places?.[side]
      seen.forEach((step, position) => {
        const start = position * rows.size
        for (let at = 0; at < rows.size; at += 1)
          rows.values[start + at] = step[side].values[at]! + places!.values[start + at]!
      })
      return rows
    }
    const attended = attend(null, {
      queries: latest.queries,
      keys: placed('keys'),
      values: placed('values'),
      sequences: [{ query: 0, steps: range(sequence.length) }],
      heads: this.shape.heads,
    })
    return [latest.known, attended]
  }

  #see(steps: readonly SequenceStep[], way: Way): SeenSteps {
    const { tape, dropRate, noise } = way
    const embedded = times(tape, this.#embedSteps(steps, way), Math.sqrt(this.shape.units))
    const known = dropout(tape, embedded, dropRate, noise)
    const normal = this.#before.apply(tape, known)
    const rows = (layer: ConnectedLayer): Rows => toRows(tape, layer.apply(tape, normal))
    return { known, queries: rows(this.#query), keys: rows(this.#key), values: rows(this.#value) }
  }

  /** Keys and values of positions. */
  #place(count: number, { space, tape }: Way): Places {
    const { units } = this.shape
    for (let position = this.#waves.length; position < count; position += 1)
      this.#waves.push(waveOf(position, units))
    const waves = new Matrix(space, units, count)
    for (let position = 0; position < count; position += 1)
      for (let c = 0; c < units; c += 1)
        waves.values[c * waves.stride + position] = this.#waves[position]![c]!
    const rows = (layer: ConnectedLayer): Rows => toRows(tape, layer.apply(tape, waves))
    return { keys: rows(this.#keyPlace), values: rows(this.#valuePlace) }
  }

  /** The embeddings of sequences, from their latest steps and what these found among all. */
  #think(latest: Matrix, attended: Rows, { tape, dropRate, noise }: Way): Matrix {
    const found = dropout(tape, this.#found.apply(tape, toMatrix(tape, attended)), dropRate, noise)
    const seen = add(tape, latest, found)
    const hidden = gelu(tape, this.#hidden.apply(tape, this.#between.apply(tape, seen)))
    const shown = this.#shown.apply(tape, dropout(tape, hidden, dropRate, noise))
    const thought = this.#after.apply(tape, add(tape, seen, dropout(tape, shown, dropRate, noise)))
    return this.#embed.apply(tape, gelu(tape, thought))
  }

  /** A row a step: its fields side by side, zero where a field has no features, then into one. */
  #embedSteps(steps: readonly SequenceStep[], { space, tape, dropRate, noise }: Way): Matrix {
    const all = this.#fields.reduce((sum, { width }) => sum + width, 0)
    const joined = new Matrix(space, all, steps.length)
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
      const own = sparse.apply(space, tape, stackRows(vectors, this.shape.fields[field]?.width ?? 0))
      const encoded =
        dense === null ? own : dropout(tape, gelu(tape, dense.apply(tape, own)), dropRate, noise)
      scatter(tape, encoded, joined, present, offset)
      offset += width
    })
    return this.#input.apply(tape, joined)
  }

  #embedLabels({ space, tape, dropRate, noise }: Way): Matrix {
    const { labels } = this.shape
    const each = new Matrix(space, labels, labels)
    for (let label = 0; label < labels; label += 1) each.values[label * each.stride + label] = 1
    const encoded = dropout(tape, gelu(tape, this.#labelDense.apply(tape, each)), dropRate, noise)
    return this.#labelEmbed.apply(tape, encoded)
  }
}

/** The signature of a position: waves of ever longer periods. */
function waveOf(position: number, units: number): Float32Array {
  return Float32Array.from({ length: units }, (_, c) => {
    const angle = position / 10_000 ** ((2 * Math.floor(c / 2)) / units)
    return c % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
  })
}
