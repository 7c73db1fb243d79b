// What the last training of a project saw, kept beside its cache: why a part is trained again is told by comparing.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlannedPart, TrainingPlan } from './training-plan.ts'

/** Fingerprints of what a part depends on. */
export interface Seen {
  /** The code that learns. */
  readonly engine: string
  /** The part's own options. */
  readonly options: string
  /** Training data, and of the domain what the part sees. */
  readonly data: string
  /** The components before it; empty for policies. */
  readonly before: string
}

/**
 * Why a part is trained: it was not in the last plan, one of what it depends on is another, all is to be trained anew, or the
 * cache does not have it any more.
 */
export type TrainingReason = 'new' | keyof Seen | 'forced' | 'not-kept'

type Kind = 'nlu' | 'core'

const FILE = 'last-plan.json'

/** In the order in which they are told: what changed nearest to the part goes first. */
const CAUSES = ['engine', 'options', 'data', 'before'] as const

export class LastPlan {
  readonly #seen: ReadonlyMap<string, Seen>

  private constructor(seen: ReadonlyMap<string, Seen>) {
    this.#seen = seen
  }

  /** The plan that the folder keeps; an empty one where it has none that can be read. */
  static async read(folder: string): Promise<LastPlan> {
    try {
      const read: unknown = JSON.parse(await readFile(join(folder, FILE), 'utf8'))
      return new LastPlan(new Map(Object.entries(read as Readonly<Record<string, Seen>>)))
    } catch {
      return new LastPlan(new Map())
    }
  }

  reasonFor(kind: Kind, index: number, { name, seen }: PlannedPart): Exclude<TrainingReason, 'forced'> {
    const last = this.#seen.get(keyOf(kind, index, name))
    if (last === undefined) return 'new'
    return CAUSES.find(cause => last[cause] !== seen[cause]) ?? 'not-kept'
  }

  /** Keeps the plan; a folder that cannot be written is no reason for a training to fail. */
  static async write(folder: string, { nlu, core }: TrainingPlan, last: LastPlan): Promise<void> {
    const seen = new Map(last.#seen)
    for (const [kind, parts] of [['nlu', nlu] as const, ['core', core] as const])
      parts.forEach((part, index) => seen.set(keyOf(kind, index, part.name), part.seen))
    try {
      await mkdir(folder, { recursive: true })
      const draft = join(folder, `.${FILE}.${process.pid}`)
      await writeFile(draft, JSON.stringify(Object.fromEntries(seen)))
      await rename(draft, join(folder, FILE))
    } catch {
      // The next training tells no reasons.
    }
  }
}

function keyOf(kind: Kind, index: number, name: string): string {
  return `${kind} ${index} ${name}`
}
