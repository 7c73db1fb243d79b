// Counts and times as plain numbers, by labels: every message adds to a dozen of them. Prometheus' text is made when
// somebody asks for it.

export type Labels = Readonly<Record<string, string>>

export interface TallySettings {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

/** Values of one label that are told apart; those beyond it are counted as `other`: names may come from outside. */
const LABEL_VALUES = 500

export class CounterTally {
  readonly #settings: TallySettings
  readonly #counts: Series<{ value: number }>

  constructor(settings: TallySettings) {
    this.#settings = settings
    this.#counts = new Series(settings.labels, () => ({ value: 0 }))
  }

  add(labels: Labels): void {
    this.#counts.of(labels).value += 1
  }

  /** Prometheus' lines. */
  show(): readonly string[] {
    const { name } = this.#settings
    return [
      ...headOf(this.#settings, 'counter'),
      ...this.#counts.all.map(({ labels, sample }) => `${name}${shown(labels)} ${sample.value}`),
    ]
  }
}

interface Times {
  /** By bucket, each without those below it; the last holds what is above all bounds. */
  readonly counts: Float64Array
  sum: number
}

export class HistogramTally {
  readonly #settings: TallySettings
  readonly #bounds: readonly number[]
  readonly #times: Series<Times>

  /** A value counts in the first bucket whose bound is not below it; bounds rise. */
  constructor(settings: TallySettings, bounds: readonly number[]) {
    this.#settings = settings
    this.#bounds = bounds
    this.#times = new Series(settings.labels, () => ({
      counts: new Float64Array(bounds.length + 1),
      sum: 0,
    }))
  }

  add(labels: Labels, value: number): void {
    const times = this.#times.of(labels)
    const place = this.#bounds.findIndex(bound => value <= bound)
    const bucket = place === -1 ? this.#bounds.length : place
    times.counts[bucket] = (times.counts[bucket] ?? 0) + 1
    times.sum += value
  }

  /** Prometheus' lines: buckets added up, then sum and count. */
  show(): readonly string[] {
    const { name } = this.#settings
    const lines = [...headOf(this.#settings, 'histogram')]
    for (const { labels, sample } of this.#times.all) {
      let count = 0
      for (const [bucket, each] of sample.counts.entries()) {
        count += each
        const le = String(this.#bounds[bucket] ?? '+Inf')
        lines.push(`${name}_bucket${shown({ le, ...labels })} ${count}`)
      }
      lines.push(`${name}_sum${shown(labels)} ${sample.sum}`, `${name}_count${shown(labels)} ${count}`)
    }
    return lines
  }
}

function headOf({ name, help }: TallySettings, kind: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`]
}

function shown(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

/** One sample for each combination of labels, bounded. */
class Series<Sample> {
  readonly #names: readonly string[]
  readonly #make: () => Sample
  readonly #samples = new Map<string, { readonly labels: Labels; readonly sample: Sample }>()
  readonly #known: ReadonlyMap<string, Set<string>>

  constructor(names: readonly string[], make: () => Sample) {
    this.#names = names
    this.#make = make
    this.#known = new Map(names.map(name => [name, new Set()]))
    // Without labels there is something to show from the start.
    if (names.length === 0) this.of({})
  }

  get all(): readonly { readonly labels: Labels; readonly sample: Sample }[] {
    return [...this.#samples.values()]
  }

  of(labels: Labels): Sample {
    const known = this.#samples.get(this.#keyOf(labels))
    if (known !== undefined) return known.sample
    const bounded = this.#bounded(labels)
    const key = this.#keyOf(bounded)
    const entry = this.#samples.get(key) ?? { labels: bounded, sample: this.#make() }
    this.#samples.set(key, entry)
    return entry.sample
  }

  #keyOf(labels: Labels): string {
    let key = ''
    for (const name of this.#names) key = key === '' ? (labels[name] ?? '') : `${key}\n${labels[name] ?? ''}`
    return key
  }

  /** The labels with values beyond the bound replaced, so that nobody can fill the memory with names. */
  #bounded(labels: Labels): Labels {
    const bounded: Record<string, string> = {}
    for (const [name, known] of this.#known) {
      const value = labels[name] ?? ''
      if (known.size < LABEL_VALUES) known.add(value)
      bounded[name] = known.has(value) ? value : 'other'
    }
    return bounded
  }
}
