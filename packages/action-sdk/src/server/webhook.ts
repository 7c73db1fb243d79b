// POST /webhook: one call to one action, with rasa-sdk's statuses and bodies.

import type { Context } from 'koa'
import {
  CodedError,
  DOMAIN_DIGEST_HEADER,
  DOMAIN_KEPT_HEADER,
  DOMAIN_MISSING_STATUS,
  parseActionCall,
} from '@tabula/protocol'
import type { ActionCall } from '@tabula/protocol'
import { ActionExecutionRejection, ActionNotFoundError } from '../action.ts'
import type { ActionExecutor, ExecutedAction } from '../action-executor.ts'
import type { ActionLog } from '../action-log.ts'
import { tooLate } from '../deadline.ts'
import { runStoppable } from '../run-stoppable.ts'
import type { ActionGate } from './action-gate.ts'
import type { ActionMetrics, CallEnd } from './action-metrics.ts'
import { answer } from './answer.ts'
import type { DomainKeeper } from './domain-keeper.ts'
import { readJson } from './request-body.ts'

export interface WebhookParts {
  /** The executor as it is now: under --auto-reload it changes with the files. */
  readonly executor: () => Promise<ActionExecutor>
  readonly gate: ActionGate
  readonly domains: DomainKeeper
  readonly metrics: ActionMetrics | null
  readonly log: ActionLog
  /** Bytes of a call, unpacked. */
  readonly bodyLimit: number
  /** Milliseconds that an action may take. */
  readonly deadline: number
}

/** What one call has come to know of itself, for its answer and its figures. */
interface Call {
  readonly body: unknown
  /** Empty until the call has been read. */
  name: string
  isKnown: boolean
}

export async function answerWebhook(ctx: Context, parts: WebhookParts): Promise<void> {
  const started = performance.now()
  const body = await readJson(ctx.req, parts.bodyLimit)
  if (body === null) {
    await answer(ctx, 400, { error: 'Invalid body request' })
    return
  }
  const call: Call = { body, name: '', isKnown: false }
  let end: CallEnd
  try {
    const result = await run(ctx, call, parts)
    // Written here, so that a reply that is no JSON counts as the action's failure.
    if (result !== undefined) await answer(ctx, 200, result)
    end = 'done'
  } catch (error) {
    end = await answerFailure(ctx, error, call, parts.log)
  }
  parts.metrics?.count(call.isKnown ? call.name : '', end, performance.now() - started)
}

/** The action's reply; undefined where the call was answered already because its domain is missing. */
async function run(
  ctx: Context,
  known: Call,
  parts: WebhookParts,
): Promise<ExecutedAction | null | undefined> {
  const call = parseActionCall(known.body)
  known.name = call.next_action
  const complete = withDomain(ctx, call, parts.domains)
  if (complete === null) {
    const error = 'The domain was left out, and is not kept here. Send it along.'
    await answer(ctx, DOMAIN_MISSING_STATUS, { error, action_name: call.next_action })
    return undefined
  }
  const executor = await parts.executor()
  known.isKnown = executor.has(call.next_action)
  return parts.gate.run(() => runInTime(ctx, executor, complete, parts.deadline))
}

/** The call with its domain, which it may have left out; null where that is not kept. */
function withDomain(ctx: Context, call: ActionCall, domains: DomainKeeper): ActionCall | null {
  const digest = ctx.get(DOMAIN_DIGEST_HEADER)
  if (digest === '') return call
  const domain = domains.find(digest)
  if (domain === undefined && call.domain === undefined) return null
  if (domain !== undefined || domains.keep(digest, call.domain ?? {})) ctx.set(DOMAIN_KEPT_HEADER, digest)
  return domain === undefined ? call : { ...call, domain }
}

/** The reply, or an error when the deadline is over or the caller has gone: the action's signal tells it so. */
function runInTime(
  ctx: Context,
  executor: ActionExecutor,
  call: ActionCall,
  deadline: number,
): Promise<ExecutedAction | null> {
  return runStoppable(
    context => executor.run(call, context),
    stop => {
      const timer = setTimeout(() => {
        stop(tooLate(call.next_action, deadline))
      }, deadline)
      const leave = (): void => {
        stop(new CodedError('actions.caller-gone', `The caller of ${call.next_action} has gone.`))
      }
      ctx.res.once('close', leave)
      return () => {
        clearTimeout(timer)
        ctx.res.off('close', leave)
      }
    },
  )
}

async function answerFailure(
  ctx: Context,
  error: unknown,
  { name, body }: Call,
  log: ActionLog,
): Promise<CallEnd> {
  if (error instanceof ActionExecutionRejection) {
    await answer(ctx, 400, { error: error.message, action_name: error.actionName })
    return 'rejected'
  }
  if (error instanceof ActionNotFoundError) {
    log.error({ code: 'actions.unknown', action: error.actionName }, error.message)
    await answer(ctx, 404, { error: error.message, action_name: error.actionName })
    return 'unknown'
  }
  if (error instanceof CodedError && error.code === 'actions.busy') {
    ctx.set('Retry-After', '1')
    log.warn({ code: error.code, action: name }, error.message)
    await answer(ctx, error.status, { error: error.message, action_name: name })
    return 'busy'
  }
  const isCallWrong = name === '' && error instanceof CodedError
  if (!isCallWrong) log.error({ code: 'actions.failed', action: name, err: error }, `${name} failed.`)
  const message = error instanceof Error ? error.message : String(error)
  await answer(ctx, isCallWrong ? error.status : 500, { error: message, request_body: body })
  return isCallWrong ? 'invalid' : 'failed'
}
