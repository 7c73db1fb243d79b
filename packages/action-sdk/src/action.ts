// What a custom action is: a name, and what it does when the assistant calls it.

import type { DomainJson } from '@tabula/protocol'
import type { AnyBot, BotTypes } from './bot-types.ts'
import type { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { ActionEvent } from './events.ts'
import type { Tracker } from './tracker.ts'

/** The events of an action; nothing stands for none. */
export type ActionResult = readonly ActionEvent[] | null | undefined

/** What surrounds one call. */
export interface ActionContext {
  /** Aborted when nobody waits for the answer any more: the caller has gone, the deadline is over, the server stops. */
  readonly signal: AbortSignal
}

export interface Action<B extends BotTypes = AnyBot> {
  /** As the domain lists it. */
  readonly name: string
  /** What the dispatcher was given is said before the events are applied. */
  run(
    dispatcher: CollectingDispatcher<B>,
    tracker: Tracker<B>,
    domain: DomainJson,
    context: ActionContext,
  ): ActionResult | Promise<ActionResult>
}

/** The action itself; the call gives `run` its types, so that a file needs no annotations. */
export function defineAction<B extends BotTypes = AnyBot>(action: Action<B>): Action<B> {
  return action
}

/** Thrown by an action that does not want to run now: the assistant predicts another one instead of failing. */
export class ActionExecutionRejection extends Error {
  readonly actionName: string

  constructor(actionName: string, message = `Custom action '${actionName}' rejected execution.`) {
    super(message)
    this.name = 'ActionExecutionRejection'
    this.actionName = actionName
  }
}

/** Thrown where nobody has registered the action that was called. */
export class ActionNotFoundError extends Error {
  readonly actionName: string

  constructor(actionName: string) {
    super(`No registered action found for name '${actionName}'.`)
    this.name = 'ActionNotFoundError'
    this.actionName = actionName
  }
}
