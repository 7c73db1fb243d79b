// What every action is: events out of a conversation, and effects on the way. Which one a name means is find-action's matter.

import { CodedError } from '@tabula/protocol'
import type { EventVerbosity, TrackerEvent } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext } from '../turn/context.ts'
import type { Effectful } from '../turn/effects.ts'

/** What an action runs on. */
export interface Scene {
  readonly context: TurnContext
  /** Read only: what an action wants to change it returns as events. */
  readonly tracker: Tracker
  /** The events that a called action is shown: all of them, but only those after a restart where slots are validated. */
  readonly verbosity: EventVerbosity
  /** The action of that name in this domain. */
  readonly findAction: (name: string) => Action
}

export interface Action {
  readonly name: string
  /** The text of an end-to-end answer; the event then has no name. */
  readonly text?: string
  /** Whether running it may throw ActionRejection; one that never does may run on the conversation itself. */
  readonly mayReject: boolean
  /** The events that running it adds to the conversation, without times. Throws ActionRejection, or an error. */
  run(scene: Scene): Effectful<readonly TrackerEvent[]>
}

/** The action would rather not run now: policies may choose another. */
export class ActionRejection extends CodedError {
  constructor(message: string) {
    super('action.rejected', message)
    this.name = 'ActionRejection'
  }
}

/** The action could not run; the conversation goes on without its events. */
export class ActionFailure extends CodedError {
  constructor(message: string) {
    super('action.failed', message)
    this.name = 'ActionFailure'
  }
}
