// The order in which parts of stories are walked: what ends at a checkpoint before what starts there, cycles opened.

import {
  type Checkpoint,
  generatedCheckpoint,
  isGenerated,
  STORY_START,
  type StoryPart,
} from './story-part.ts'

export interface StoryGraph {
  /** In walking order. */
  readonly parts: readonly StoryPart[]
  /** Where trackers at the end of an opened cycle go on in the next round: end checkpoint → start checkpoint. */
  readonly resumes: ReadonlyMap<string, string>
}

/** The graph of all parts; each edge that closes a cycle is replaced by a pair of checkpoints that one round does not cross. */
export function orderParts(parts: readonly StoryPart[]): StoryGraph {
  const { opened, resumes, overlapping } = openCycles(parts, sortParts(parts).cyclic)
  return { parts: sortParts(dropUnused(opened, resumes, overlapping)).ordered, resumes }
}

type Edge = readonly [from: number, to: number]

/** Depth first from the last part to the first; an edge back to a part that is still open closes a cycle. */
function sortParts(parts: readonly StoryPart[]): { ordered: StoryPart[]; cyclic: Edge[] } {
  const starting = new Map<string, StoryPart[]>()
  for (const part of parts) {
    for (const { name } of part.start) {
      const known = starting.get(name)
      if (known === undefined) starting.set(name, [part])
      else if (known.at(-1) !== part) known.push(part)
    }
  }
  const state = new Map<number, 'open' | 'done'>()
  const ordered: StoryPart[] = []
  const cyclic: Edge[] = []
  const followers = (part: StoryPart): StoryPart[] =>
    [...new Set(part.end.flatMap(({ name }) => starting.get(name) ?? []))].sort((a, b) => a.id - b.id)
  for (const root of parts.toReversed()) {
    if (state.has(root.id)) continue
    // A stack of its own: a chain of checkpoints may be longer than the call stack is deep.
    const stack = [{ part: root, rest: followers(root) }]
    state.set(root.id, 'open')
    while (stack.length > 0) {
      const top = stack.at(-1)
      const next = top?.rest.shift()
      if (top === undefined) break
      if (next === undefined) {
        stack.pop()
        state.set(top.part.id, 'done')
        ordered.push(top.part)
      } else if (state.get(next.id) === 'open') cyclic.push([top.part.id, next.id])
      else if (!state.has(next.id)) {
        state.set(next.id, 'open')
        stack.push({ part: next, rest: followers(next) })
      }
    }
  }
  return { ordered: ordered.reverse(), cyclic: cyclic.sort((a, b) => a[0] - b[0] || a[1] - b[1]) }
}

interface OpenedCycles {
  readonly opened: ReadonlyMap<number, StoryPart>
  readonly resumes: ReadonlyMap<string, string>
  /** Names of checkpoints through which a cycle closed. */
  readonly overlapping: ReadonlySet<string>
}

/**
 * An edge's own checkpoint gives way to a sink at its start and a source at its end; other parts that start at the
 * checkpoint stay reachable through a connector.
 */
function openCycles(parts: readonly StoryPart[], cyclic: readonly Edge[]): OpenedCycles {
  const opened = new Map(parts.map(part => [part.id, part]))
  const resumes = new Map<string, string>()
  const overlapping = new Set<string>()
  for (const [from, to] of cyclic) {
    const first = opened.get(from)
    const target = opened.get(to)
    if (first === undefined || target === undefined) continue
    const sink = generatedCheckpoint(`CYCL_SINK_${from}_${to}`)
    const source = generatedCheckpoint(`CYCL_SRC_${from}_${to}`)
    const connector = generatedCheckpoint(`CYCL_CONN_${from}_${to}`)
    resumes.set(sink.name, source.name)
    const starts = new Set(target.start.map(({ name }) => name))
    const shared = new Set(first.end.map(({ name }) => name).filter(name => starts.has(name)))
    for (const name of shared) overlapping.add(name)
    opened.set(from, { ...first, end: [...first.end.filter(({ name }) => !shared.has(name)), sink] })
    let needsConnector = false
    for (const [id, part] of opened) {
      const more: Checkpoint[] = []
      for (const { name, conditions } of part.start) {
        if (!shared.has(name)) continue
        const added = { ...(id === to ? source : connector), conditions }
        if (id !== to) needsConnector = true
        if (!part.start.some(known => isSame(known, added))) more.push(added)
      }
      if (more.length > 0) opened.set(id, { ...part, start: [...part.start, ...more] })
    }
    const cut = opened.get(from)
    if (needsConnector && cut !== undefined) opened.set(from, { ...cut, end: [...cut.end, connector] })
  }
  return { opened, resumes, overlapping }
}

/** Takes away checkpoints that an or-statement or an opened cycle left without a counterpart, and parts that had no others. */
function dropUnused(
  opened: ReadonlyMap<number, StoryPart>,
  resumes: ReadonlyMap<string, string>,
  overlapping: ReadonlySet<string>,
): StoryPart[] {
  const parts = [...opened.values()]
  const starts = new Set([STORY_START, ...parts.flatMap(part => part.start.map(({ name }) => name))])
  const ends = new Set([
    STORY_START,
    ...parts.flatMap(part => part.end.map(({ name }) => resumes.get(name) ?? name)),
  ])
  const unused = starts.symmetricDifference(ends)
  return parts.flatMap(part => {
    const start = part.start.filter(({ name }) => !(unused.has(name) && overlapping.has(name)))
    const end = part.end.filter(({ name }) => !(unused.has(name) && isGenerated(name)))
    const isCutOff =
      (part.start.length > 0 && start.length === 0) || (part.end.length > 0 && end.length === 0)
    return isCutOff ? [] : [{ ...part, start, end }]
  })
}

function isSame(one: Checkpoint, other: Checkpoint): boolean {
  return (
    one.name === other.name && JSON.stringify([...one.conditions]) === JSON.stringify([...other.conditions])
  )
}
