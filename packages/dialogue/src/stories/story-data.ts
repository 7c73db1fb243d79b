// Stories and rules after reading: what a person wrote, step by step, with the place of each line.

import type { JsonValue, SourcePosition } from '@tabula/protocol'

export interface StoryEntity {
  readonly entity: string
  /** "" where only the name is listed, absent where the value is null. */
  readonly value?: JsonValue
  readonly role?: string
  readonly group?: string
  /** Where it stands in the words of an end-to-end step, in code points. */
  readonly start?: number
  readonly end?: number
}

export interface UserStep {
  readonly kind: 'user'
  /** Without its leading slash; `faq/opening` stays whole here. */
  readonly intent?: string
  /** The words of an end-to-end step (`user:`), annotations taken out. */
  readonly text?: string
  readonly entities: readonly StoryEntity[]
  readonly position: SourcePosition
}
export interface ActionStep {
  readonly kind: 'action'
  readonly name: string
  readonly position: SourcePosition
}
/** An end-to-end answer (`bot:`). */
export interface BotStep {
  readonly kind: 'bot'
  readonly text: string
  readonly position: SourcePosition
}
export interface SlotStep {
  readonly kind: 'slot'
  readonly name: string
  /** Absent for a bare name. */
  readonly value?: JsonValue
  readonly position: SourcePosition
}
export interface ActiveLoopStep {
  readonly kind: 'active_loop'
  readonly name: string | null
  readonly position: SourcePosition
}
export interface CheckpointStep {
  readonly kind: 'checkpoint'
  readonly name: string
  readonly slots: readonly SlotStep[]
  readonly position: SourcePosition
}
export interface OrStep {
  readonly kind: 'or'
  readonly alternatives: readonly (UserStep | SlotStep)[]
  readonly position: SourcePosition
}
export type StoryStep = UserStep | ActionStep | BotStep | SlotStep | ActiveLoopStep | CheckpointStep | OrStep

/** One story or rule of a file. */
export interface StoryData {
  readonly kind: 'story' | 'rule'
  readonly name: string
  readonly steps: readonly StoryStep[]
  readonly position: SourcePosition
  /** Rules only: slot and active_loop conditions before the first step. */
  readonly condition?: readonly (SlotStep | ActiveLoopStep)[]
  /** Rules only. */
  readonly conversationStart?: boolean
  /** Rules only, true where absent: listen after the last action. */
  readonly waitForUserInput?: boolean
}
