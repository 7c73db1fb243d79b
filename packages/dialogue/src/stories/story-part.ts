// A story cut where checkpoints and or-statements join and branch: what Rasa calls a story step.

import type { JsonValue, LoggedEvent, SourcePosition } from '@tabula/protocol'

/** Where stories begin, as name of a checkpoint. */
export const STORY_START = 'STORY_START'

/** Opens the names of checkpoints that nobody wrote. */
const GENERATED = 'GENR_'

export interface Checkpoint {
  readonly name: string
  /** Values that slots must have for the checkpoint to be passed. */
  readonly conditions: ReadonlyMap<string, JsonValue>
  /** Absent where nobody wrote it. */
  readonly position?: SourcePosition
}

/** An event of a story, with the place of the line that it comes from. */
export interface PlacedEvent {
  readonly event: LoggedEvent
  readonly position: SourcePosition
}

export interface StoryPart {
  /** Place among all parts, in the order of the files. */
  readonly id: number
  readonly name: string
  readonly kind: 'story' | 'rule'
  readonly position: SourcePosition
  readonly start: readonly Checkpoint[]
  readonly end: readonly Checkpoint[]
  readonly events: readonly PlacedEvent[]
}

/** A checkpoint that stands for a branch or a cycle. */
export function generatedCheckpoint(name: string): Checkpoint {
  return plainCheckpoint(`${GENERATED}${name}`)
}

export function plainCheckpoint(name: string): Checkpoint {
  return { name, conditions: NO_CONDITIONS }
}

export function isGenerated(name: string): boolean {
  return name.startsWith(GENERATED)
}

const NO_CONDITIONS: ReadonlyMap<string, JsonValue> = new Map()
