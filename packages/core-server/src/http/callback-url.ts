// `callback_url`: long work is answered with 204 at once, and its result is posted there when it is done.

import type { Context } from 'koa'
import type { Log } from '../telemetry/log.ts'
import { requestId } from '../telemetry/request-id.ts'
import { errorBody } from './error-body.ts'
import { ApiError, bodyOf } from './errors.ts'
import type { Outgoing } from './outgoing.ts'
import { textArgument } from './query.ts'

export interface WorkResult {
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export interface CallbackParts {
  readonly outgoing: Outgoing
  readonly log: Log
}

const DEADLINE = 300_000

/** Answers with what the work gives, or with 204 and the result later where the caller named an address. */
export async function answerOrCallBack(
  ctx: Context,
  parts: CallbackParts,
  work: () => Promise<WorkResult>,
): Promise<void> {
  const target = textArgument(ctx, 'callback_url')
  if (target === undefined) {
    const { type, body, headers = {} } = await work()
    ctx.status = 200
    ctx.set({ ...headers, 'Content-Type': type })
    ctx.body = body
    return
  }
  const url = await parts.outgoing.check(target, 'callback_url')
  void callBack(url, work, parts, requestId(ctx))
  ctx.status = 204
}

async function callBack(
  url: URL,
  work: () => Promise<WorkResult>,
  { outgoing, log }: CallbackParts,
  request: string,
): Promise<void> {
  try {
    const { type, body, headers = {} } = await work().catch(asResult)
    const answer = await outgoing.request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body,
      signal: AbortSignal.timeout(DEADLINE),
    })
    await answer.body.dump()
    if (answer.statusCode < 400) return
    log.warn(
      { code: 'callback.refused', status: answer.statusCode, request },
      'The callback URL refused a result.',
    )
  } catch (err) {
    log.warn({ code: 'callback.unreached', err, request }, 'A result did not reach its callback URL.')
  }
}

/** What went wrong, in the body that a direct answer would have had; a fault of ours is Rasa's UnexpectedError. */
function asResult(error: unknown): WorkResult {
  const known = error instanceof ApiError
  const body = known
    ? bodyOf(error)
    : errorBody({ ...{ status: 500, reason: 'UnexpectedError' }, message: bodyOf(error).message })
  return { type: 'application/json', body: JSON.stringify(body) }
}
