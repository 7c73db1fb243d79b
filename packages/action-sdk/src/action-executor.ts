// Finds the action that a call names, runs it, and puts its reply together.

import { CodedError } from '@tabula/protocol'
import type { ActionCall, ActionResponse } from '@tabula/protocol'
import type { Action, ActionContext } from './action.ts'
import { ActionNotFoundError } from './action.ts'
import type { ActionLog } from './action-log.ts'
import { standardErrorLog } from './action-log.ts'
import { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { ActionEvent } from './events.ts'
import { Tracker } from './tracker.ts'

export interface ExecutedAction {
  readonly events: readonly ActionEvent[]
  readonly responses: readonly ActionResponse[]
}

export class ActionExecutor {
  readonly #actions: ReadonlyMap<string, Action>
  readonly #log: ActionLog

  /** Throws CodedError `actions.duplicate` where two actions have one name. */
  constructor(actions: readonly Action[], log: ActionLog = standardErrorLog) {
    const byName = new Map(actions.map(action => [action.name, action]))
    if (byName.size < actions.length) throw duplicate(actions)
    this.#actions = byName
    this.#log = log
  }

  get names(): readonly string[] {
    return [...this.#actions.keys()]
  }

  has(name: string): boolean {
    return this.#actions.has(name)
  }

  /** The reply, null where the call names no action. Throws ActionNotFoundError, and what the action throws. */
  async run(call: ActionCall, context: ActionContext): Promise<ExecutedAction | null> {
    const name = call.next_action
    if (name === '') {
      this.#log.warn({ code: 'actions.no-name' }, 'A call named no action.')
      return null
    }
    const action = this.#actions.get(name)
    if (action === undefined) throw new ActionNotFoundError(name)
    const dispatcher = new CollectingDispatcher()
    const events = await action.run(dispatcher, new Tracker(call.tracker), call.domain ?? {}, context)
    return { events: this.#onlyEvents(events, name), responses: dispatcher.messages }
  }

  /** Handlers in JavaScript may return anything; what is no event is dropped, as rasa-sdk drops it. */
  #onlyEvents(returned: unknown, action: string): readonly ActionEvent[] {
    if (returned === null || returned === undefined) return []
    const events: readonly unknown[] = Array.isArray(returned) ? returned : [returned]
    return events.filter((event): event is ActionEvent => {
      if (isEvent(event)) return true
      this.#log.error(
        { code: 'actions.no-event', action },
        `${action} returned something that is no event; it is ignored. Use the functions of the SDK, such as slotSet.`,
      )
      return false
    })
  }
}
function isEvent(value: unknown): boolean {
  return (
    value !== null &&
    typeof value === 'object' &&
    'event' in value &&
    typeof value.event === 'string' &&
    value.event !== ''
  )
}

function duplicate(actions: readonly Action[]): CodedError {
  const names = actions.map(action => action.name)
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
  return new CodedError(
    'actions.duplicate',
    `More than one action has the name ${twice.join(', ')}. Each needs a name of its own.`,
    { status: 400, details: { names: twice } },
  )
}
