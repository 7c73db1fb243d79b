// Runs custom actions on an action server, as rasa-sdk's protocol says.

import { CodedError, parseActionReply, parseExactJson } from '@tabula/protocol'
import type { ActionCall, ActionOutcome, ActionRunner } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import { isRecord } from '../http/body.ts'
import { EndpointError } from './endpoint-client.ts'
import type { EndpointClient } from './endpoint-client.ts'

export class HttpActionRunner implements ActionRunner {
  readonly #client: EndpointClient

  constructor(client: EndpointClient) {
    this.#client = client
  }

  /** Never throws: what goes wrong is an outcome. `key` names the call, so that a repeated one can be told. */
  async run(
    call: ActionCall,
    { signal, key }: { readonly signal?: AbortSignal; readonly key?: string } = {},
  ): Promise<ActionOutcome> {
    try {
      const text = await this.#client.post(call, {
        deadline: LIMITS.actionDeadline,
        maxBytes: LIMITS.actionReplyBytes,
        ...(signal === undefined ? {} : { signal }),
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      })
      return toOutcome(text)
    } catch (error) {
      return asFailure(call.next_action, error)
    }
  }
}

function toOutcome(text: string): ActionOutcome {
  const reply = parseActionReply(parseExactJson(text))
  if (reply.events.length > LIMITS.actionReplyEvents) {
    return { kind: 'failed', message: `The reply holds more than ${LIMITS.actionReplyEvents} events.` }
  }
  return { kind: 'done', reply }
}

function asFailure(action: string, error: unknown): ActionOutcome {
  if (error instanceof EndpointError) {
    return (error.httpStatus === 400 ? rejection(error.text) : null) ?? failed(action, error.message)
  }
  if (error instanceof SyntaxError) return failed(action, `The reply is no JSON: ${error.message}`)
  if (error instanceof CodedError) return failed(action, error.message)
  throw error
}

/** A 400 rejects the action that its body names; without a name it is a failure like any other. */
function rejection(text: string): ActionOutcome | null {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(body) || typeof body['action_name'] !== 'string') return null
  const { error } = body
  return {
    kind: 'rejected',
    action: body['action_name'],
    message: typeof error === 'string' ? error : 'rejected',
  }
}

function failed(action: string, reason: string): ActionOutcome {
  return { kind: 'failed', message: `${action}: ${reason}` }
}
