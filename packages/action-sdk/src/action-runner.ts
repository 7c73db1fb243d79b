// Runs actions in the server's own process, with the outcomes that a call over HTTP has.

import { CodedError, parseActionReply, plainJson } from '@tabula/protocol'
import type { ActionCall, ActionOutcome, ActionRunner, DomainJson, TrackerState } from '@tabula/protocol'
import type { Action } from './action.ts'
import { ActionExecutionRejection, ActionNotFoundError } from './action.ts'
import { ActionExecutor } from './action-executor.ts'
import type { ActionLog } from './action-log.ts'
import { standardErrorLog } from './action-log.ts'
import { DEFAULT_DEADLINE, tooLate } from './deadline.ts'
import { runStoppable } from './run-stoppable.ts'

/** A runner that never throws: what goes wrong is an outcome. An action that fails is logged with its stack. */
export function actionRunner(
  handlers: readonly Action[],
  {
    log = standardErrorLog,
    deadline = DEFAULT_DEADLINE,
  }: {
    readonly log?: ActionLog
    /** Milliseconds for an action; its signal is aborted then. */
    readonly deadline?: number
  } = {},
): ActionRunner {
  const executor = new ActionExecutor(handlers, log)
  const domains = new WeakMap<DomainJson, DomainJson>()
  return {
    async run(call, { signal } = {}) {
      const own: ActionCall = { ...call, tracker: ownState(call.tracker), ...ownDomain(call.domain, domains) }
      try {
        const executed = await runStoppable(
          context => executor.run(own, context),
          stop => armStops(stop, call.next_action, deadline, signal),
        )
        // As over a wire: what is no JSON falls away or is refused, and the server cannot share an object with a handler.
        return { kind: 'done', reply: parseActionReply(JSON.parse(JSON.stringify(executed))) }
      } catch (error) {
        return asOutcome(call.next_action, error, log)
      }
    },
  }
}

/** Stops at the deadline, and when the caller gives up. */
function armStops(
  stop: (error: Error) => void,
  action: string,
  deadline: number,
  signal: AbortSignal | undefined,
): () => void {
  const timer = setTimeout(() => {
    stop(tooLate(action, deadline))
  }, deadline)
  const giveUp = (): void => {
    stop(new CodedError('actions.aborted', 'The call was given up before the action had ended.'))
  }
  if (signal?.aborted === true) setImmediate(giveUp)
  signal?.addEventListener('abort', giveUp)
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  }
}

function asOutcome(action: string, error: unknown, log: ActionLog): ActionOutcome {
  if (error instanceof ActionExecutionRejection) {
    return { kind: 'rejected', action: error.actionName, message: error.message }
  }
  const reason = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ActionNotFoundError)) {
    log.error({ code: 'actions.failed', action, err: error }, `${action} failed.`)
  }
  return { kind: 'failed', message: `${action}: ${reason}` }
}

/** A state that a handler may do with as it likes. The events, which may be thousands, are copied when they are asked for. */
function ownState(state: TrackerState): TrackerState {
  const { events, ...rest } = state
  let copy: TrackerState['events'] | undefined
  return {
    ...plainJson(rest),
    get events() {
      return (copy ??= plainJson(events))
    },
  }
}

/** One frozen copy for each domain: a handler that writes to it fails instead of changing the assistant. */
function ownDomain(
  domain: DomainJson | undefined,
  known: WeakMap<DomainJson, DomainJson>,
): { readonly domain?: DomainJson } {
  if (domain === undefined) return {}
  let own = known.get(domain)
  if (own === undefined) {
    own = plainJson(domain)
    freeze(own)
    known.set(domain, own)
  }
  return { domain: own }
}

function freeze(value: unknown): void {
  if (value === null || typeof value !== 'object') return
  Object.freeze(value)
  Object.values(value).forEach(freeze)
}
