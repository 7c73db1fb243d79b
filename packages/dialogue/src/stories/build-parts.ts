// Cuts stories and rules into parts, at checkpoints and at or-statements.

import type { Problem } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import type { CheckpointStep, OrStep, StoryData } from './story-data.ts'
import { eventOf, snippetEvent } from './story-events.ts'
import {
  type Checkpoint,
  generatedCheckpoint,
  plainCheckpoint,
  type PlacedEvent,
  STORY_START,
  type StoryPart,
} from './story-part.ts'

/** The parts of all stories, in their order; complaints about single lines go to `problems`. */
export function buildParts(
  stories: readonly StoryData[],
  domain: Domain,
  problems: Problem[] = [],
): StoryPart[] {
  const parts: Omit<StoryPart, 'id'>[] = []
  for (const story of stories) parts.push(...new PartsBuilder(story, domain, problems).build())
  return parts.map((part, id) => ({ ...part, id }))
}

interface OpenPart {
  readonly start: readonly Checkpoint[]
  end: Checkpoint[]
  readonly events: PlacedEvent[]
}

class PartsBuilder {
  readonly #story: StoryData
  readonly #domain: Domain
  readonly #problems: Problem[]
  readonly #done: OpenPart[] = []
  readonly #start: Checkpoint[] = []
  #open: OpenPart[] = []

  constructor(story: StoryData, domain: Domain, problems: Problem[]) {
    this.#story = story
    this.#domain = domain
    this.#problems = problems
  }

  build(): Omit<StoryPart, 'id'>[] {
    const { kind, name, position } = this.#story
    for (const condition of this.#story.condition ?? []) this.#add(this.#event(condition))
    if (kind === 'rule' && this.#story.conversationStart !== true)
      this.#add({ event: snippetEvent(), position })
    for (const step of this.#story.steps) {
      if (step.kind === 'checkpoint') this.#addCheckpoint(step)
      else if (step.kind === 'or') this.#addBranches(step)
      else this.#add(this.#event(step))
    }
    if (kind === 'rule' && this.#story.waitForUserInput === false)
      this.#add({ event: snippetEvent(), position })
    return [...this.#done, ...this.#open].map(part => ({ ...part, name, kind, position }))
  }

  #event(step: Parameters<typeof eventOf>[0]): PlacedEvent {
    return eventOf(step, this.#story.kind, this.#domain, this.#problems)
  }

  #add(event: PlacedEvent): void {
    this.#ensureOpen()
    for (const part of this.#open) part.events.push(event)
  }

  /** A copy of what is open for each alternative; what follows continues all of them. */
  #addBranches(step: OrStep): void {
    const branches = step.alternatives.map(alternative => this.#event(alternative))
    const [only] = branches
    if (only === undefined) return
    if (branches.length === 1) {
      this.#add(only)
      return
    }
    this.#ensureOpen()
    const join = generatedCheckpoint(`OR_${this.#placeOf(branches)}`)
    this.#open = this.#open.flatMap(part =>
      branches.map(branch => ({ start: part.start, end: [join], events: [...part.events, branch] })),
    )
  }

  /** As in Rasa, stories of one name that agree up to here share the branch's name, and go on into each other. */
  #placeOf(branches: readonly PlacedEvent[]): string {
    const texts = (events: readonly PlacedEvent[]): string[] =>
      events.map(({ event }) => JSON.stringify(event))
    return JSON.stringify([
      this.#story.name,
      this.#open.flatMap(part => texts(part.events)),
      [...new Set(this.#open.flatMap(part => part.start.map(({ name }) => name)))].sort(),
      texts(branches).sort(),
    ])
  }

  #addCheckpoint({ name, slots, position }: CheckpointStep): void {
    if (this.#open.length === 0) {
      const conditions = new Map(slots.map(slot => [slot.name, slot.value ?? null]))
      this.#start.push({ name, conditions, position })
      return
    }
    if (slots.length > 0) this.#problems.push(conditionAtEnd(name, position))
    const end: Checkpoint = { ...plainCheckpoint(name), position }
    for (const part of [...this.#open]) {
      if (part.end.length === 0) part.end = [end]
      else this.#open.push({ ...part, end: [end] })
    }
  }

  /** Sees to it that there is a part to go on with: after a checkpoint or a branch that is a new one. */
  #ensureOpen(): void {
    const previous = this.#open
    this.#done.push(...previous.filter(part => part.end.length > 0))
    this.#open = previous.filter(part => part.end.length === 0)
    if (this.#open.length > 0) return
    const start = previous.length === 0 ? this.#start : distinct(previous.flatMap(part => part.end))
    this.#open = [{ start: start.length === 0 ? [plainCheckpoint(STORY_START)] : start, end: [], events: [] }]
  }
}

function distinct(checkpoints: readonly Checkpoint[]): Checkpoint[] {
  return [...new Map(checkpoints.map(checkpoint => [checkpoint.name, checkpoint])).values()]
}

function conditionAtEnd(name: string, position: CheckpointStep['position']): Problem {
  return {
    severity: 'warning',
    code: 'story.checkpoint-condition',
    message: `The checkpoint '${name}' has slot conditions, but stands in or at the end of a story, where they have no effect.`,
    position,
    hint: 'Write the conditions where a story starts with the checkpoint.',
  }
}
