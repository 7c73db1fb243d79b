// Training conversations out of stories and rules: parts joined at checkpoints, duplicates dropped, stories glued.

import type { Problem } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import { buildParts } from './build-parts.ts'
import { unusedCheckpoints } from './checkpoint-problems.ts'
import { shuffled } from './shuffle.ts'
import { listenEvent, slotsForEntities } from './story-events.ts'
import { orderParts, type StoryGraph } from './story-graph.ts'
import { StateWalks } from './state-walks.ts'
import { type Checkpoint, STORY_START, type StoryPart } from './story-part.ts'
import type { StoryData } from './story-data.ts'
import { type TrainingEvent, TrainingTracker } from './training-tracker.ts'

export interface GenerationOptions {
  /** 0 = no glued stories; else up to ten times as many. */
  readonly augmentation: number
  readonly seed: number
  /** Of conversations that agree in this many last states one is followed on; all states count where absent. */
  readonly uniqueLastStates?: number
}

/** Rounds of gluing stories onto stories. */
const AUGMENTATION_ROUNDS = 3
/** Rasa's heuristic: glued conversations for each step of the augmentation factor. */
const GLUED_PER_FACTOR = 10

/** The conversations of all stories, then of all rules, with what is wrong in the stories. */
export function generateTrackers(
  stories: readonly StoryData[],
  domain: Domain,
  options: GenerationOptions,
): { trackers: TrainingTracker[]; problems: Problem[] } {
  const problems: Problem[] = []
  const parts = buildParts(stories, domain, problems)
  const graph = orderParts(parts)
  const trackers = (['story', 'rule'] as const).flatMap(kind => {
    const own = { parts: graph.parts.filter(part => part.kind === kind), resumes: graph.resumes }
    if (own.parts.length === 0) return []
    const walk = new Walk(own, domain, options, kind === 'rule')
    const made = walk.run()
    problems.push(...unusedCheckpoints(parts, own.parts, walk.unused))
    return made
  })
  return { trackers, problems: distinct(problems) }
}

/** One walk over all parts of stories, or of rules. Trackers wait at checkpoints for the parts that start there. */
class Walk {
  readonly #graph: StoryGraph
  readonly #domain: Domain
  readonly #options: GenerationOptions
  readonly #isRule: boolean
  readonly #events: ReadonlyMap<StoryPart, readonly TrainingEvent[]>
  readonly #finished: TrainingTracker[] = []
  readonly #ended: TrainingTracker[] = []
  readonly #walks = new StateWalks()
  readonly #seen = new Set<number>()
  #waiting = new Map<string, TrainingTracker[]>()
  #used = new Set<string>()
  #unused = new Set<string>()
  #shuffles = 0

  constructor(graph: StoryGraph, domain: Domain, options: GenerationOptions, isRule: boolean) {
    this.#graph = graph
    this.#domain = domain
    this.#options = options
    this.#isRule = isRule
    this.#events = new Map(graph.parts.map(part => [part, explicitEvents(part, domain)]))
  }

  /** Checkpoints that nothing starts from, or that nothing leads to. */
  get unused(): ReadonlySet<string> {
    return this.#unused
  }

  run(): TrainingTracker[] {
    this.#waiting = new Map([[STORY_START, [TrainingTracker.empty(this.#domain, this.#isRule)]]])
    this.#reachAll()
    if (!this.#isRule && this.#options.augmentation > 0) this.#augment()
    const all = [...this.#finished, ...this.#ended]
    const glued = all.filter(({ isAugmented }) => isAugmented)
    return [...all.filter(({ isAugmented }) => !isAugmented), ...this.#sample(glued, this.#mostGlued())]
  }

  /** Rounds over all parts, until a round leaves the same checkpoints open as the one before it. */
  #reachAll(): void {
    let previous = new Set<string>()
    for (;;) {
      const open = this.#round(false)
      for (const name of this.#waiting.keys()) if (!this.#used.has(name)) open.add(name)
      this.#waiting = new Map(
        [...open].filter(name => name !== STORY_START).map(name => [name, this.#waiting.get(name) ?? []]),
      )
      const isSettled =
        open.symmetricDifference(previous).size === 0 ||
        [...this.#waiting.values()].every(trackers => trackers.length === 0)
      previous = open
      if (isSettled) break
    }
    this.#unused = previous.difference(this.#used)
    for (const name of this.#unused) this.#finished.push(...(this.#waiting.get(name) ?? []))
  }

  #augment(): void {
    for (let round = 0; round < AUGMENTATION_ROUNDS; round += 1) {
      const chosen = this.#sample(this.#ended, this.#options.augmentation)
      if (chosen.length === 0) return
      this.#used = new Set()
      this.#waiting = new Map([[STORY_START, chosen.map(tracker => tracker.reopened())]])
      this.#round(true)
    }
  }

  /** Takes waiting trackers through every part once; gives the checkpoints that are left open. */
  #round(isAugmenting: boolean): Set<string> {
    const open = new Set<string>()
    for (const part of this.#graph.parts) {
      const incoming = this.#incoming(part, open)
      if (incoming.length === 0) continue
      const unique = this.#unique(incoming)
      const chosen = isAugmenting ? this.#sample(unique, this.#mostGlued()) : unique
      const after = this.#through(part, chosen)
      for (const { name } of part.end) {
        const next = this.#graph.resumes.get(name) ?? name
        this.#waiting.set(next, [...(this.#waiting.get(next) ?? []), ...after])
        if (this.#used.has(next)) open.add(next)
      }
      if (part.end.length === 0) this.#ended.push(...this.#newEnds(after))
    }
    return open
  }

  #incoming(part: StoryPart, open: Set<string>): TrainingTracker[] {
    const incoming: TrainingTracker[] = []
    for (const checkpoint of part.start) {
      const waiting = this.#waiting.get(checkpoint.name) ?? []
      if (waiting.length > 0) {
        incoming.push(...waiting.filter(tracker => passes(tracker, checkpoint)))
        this.#used.add(checkpoint.name)
      } else if (!this.#used.has(checkpoint.name)) open.add(checkpoint.name)
    }
    return incoming
  }

  #through(part: StoryPart, incoming: readonly TrainingTracker[]): TrainingTracker[] {
    const events = this.#events.get(part) ?? []
    if (events.length === 0) return []
    return incoming.map(tracker => {
      const copy = tracker.enter(part)
      for (const event of events) {
        // What stood before a restart is a whole conversation of its own.
        if (event.event.event === 'restart') this.#finished.push(copy.enter(part))
        copy.append(event)
      }
      return copy
    })
  }

  /** Conversations that look alike so far will look alike ever after: one of them is enough. */
  #unique(trackers: readonly TrainingTracker[]): TrainingTracker[] {
    const { uniqueLastStates } = this.#options
    const seen = new Set<number>()
    return trackers.filter(tracker => {
      const states = tracker.states()
      const key = this.#walks.of(states)
      if (seen.has(key)) return false
      seen.add(key)
      if (uniqueLastStates === undefined) return true
      const lastKey = this.#walks.of(states.slice(-uniqueLastStates))
      if (lastKey === key || !seen.has(lastKey)) {
        seen.add(lastKey)
        return true
      }
      if (!this.#seen.has(key)) {
        this.#seen.add(key)
        this.#finished.push(tracker)
      }
      return false
    })
  }

  #newEnds(trackers: readonly TrainingTracker[]): TrainingTracker[] {
    return trackers.filter(tracker => {
      const key = this.#walks.of(tracker.states())
      if (this.#seen.has(key)) return false
      this.#seen.add(key)
      return true
    })
  }

  #mostGlued(): number {
    return this.#options.augmentation * GLUED_PER_FACTOR
  }

  #sample(trackers: readonly TrainingTracker[], most: number): TrainingTracker[] {
    if (trackers.length <= most) return [...trackers]
    this.#shuffles += 1
    return shuffled(trackers, this.#options.seed + this.#shuffles).slice(0, most)
  }
}

/** A part's events with those that nobody writes: the listen before each message and at a story's end, slots that entities set. */
function explicitEvents(part: StoryPart, domain: Domain): TrainingEvent[] {
  const events: TrainingEvent[] = []
  const listen = (position: TrainingEvent['position']): void => {
    const last = events.at(-1)?.event
    if (last?.event === 'action' && last.name === ACTION_LISTEN) return
    events.push({ event: listenEvent(), position, isUnpredictable: false })
  }
  let isFirst = part.start.some(({ name }) => name === STORY_START)
  for (const { event, position } of part.events) {
    if (event.event === 'user') listen(position)
    events.push({ event, position, isUnpredictable: isFirst && event.event === 'action' })
    if (event.event === 'user') {
      for (const slot of slotsForEntities(domain, event.parse_data.entities))
        events.push({ event: slot, position, isUnpredictable: false })
    }
    if (event.event === 'user' || event.event === 'action') isFirst = false
  }
  if (part.end.length === 0) listen(part.events.at(-1)?.position ?? part.position)
  return events
}

function passes(tracker: TrainingTracker, { conditions }: Checkpoint): boolean {
  return [...conditions].every(
    ([name, value]) => JSON.stringify(tracker.slot(name)) === JSON.stringify(value),
  )
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
