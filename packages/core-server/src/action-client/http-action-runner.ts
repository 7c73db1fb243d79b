// Runs custom actions on an action server, as rasa-sdk's protocol says.

import { CodedError, DOMAIN_MISSING_STATUS, parseActionReply, parseExactJson } from '@tabula/protocol'
import type { ActionCall, ActionOutcome, ActionRunner } from '@tabula/protocol'
import type { ActionSettings } from '../config/action-settings.ts'
import { LIMITS } from '../config/limits.ts'
import { isRecord } from '../http/body.ts'
import type { Log } from '../telemetry/log.ts'
import { ByteGate } from './byte-gate.ts'
import { CallBodies } from './call-body.ts'
import type { CallBody } from './call-body.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { statusError } from './endpoint-client.ts'
import type { EndpointClient, EndpointReply, PostOptions } from './endpoint-client.ts'
import { EndpointError } from './endpoint-error.ts'
import { packBody } from './pack-body.ts'

interface RunOptions {
  readonly signal?: AbortSignal
  readonly key?: string
}

export class HttpActionRunner implements ActionRunner {
  readonly #client: EndpointClient
  readonly #settings: ActionSettings
  readonly #log: Log
  readonly #bodies: CallBodies
  readonly #gate = new ByteGate(LIMITS.actionCallBytes)
  readonly #breaker: CircuitBreaker | null

  constructor(client: EndpointClient, settings: ActionSettings, log: Log) {
    this.#client = client
    this.#settings = settings
    this.#log = log
    this.#bodies = new CallBodies(settings.maxEventHistory)
    this.#breaker =
      settings.circuit === null ? null : new CircuitBreaker(settings.circuit, () => performance.now())
  }

  /** Never throws: what goes wrong is an outcome that names the action, the address and the cause. `key` names the call. */
  async run(call: ActionCall, options: RunOptions = {}): Promise<ActionOutcome> {
    try {
      const reply = await this.#guarded(call, options)
      return reply.status < 300
        ? done(reply.text)
        : (rejection(reply) ?? this.#failed(call, statusError(reply)))
    } catch (error) {
      return this.#failed(call, error)
    }
  }

  /** The reply to a call that the circuit breaker lets out. */
  async #guarded(call: ActionCall, options: RunOptions): Promise<EndpointReply> {
    const passage = this.#breaker === null ? undefined : this.#breaker.admit()
    if (passage === null) throw this.#circuitOpen()
    try {
      const reply = await this.#send(call, options)
      passage?.answered()
      return reply
    } catch (error) {
      if (options.signal?.aborted === true) passage?.abandoned()
      else if (error instanceof EndpointError && error.trouble === 'reply') passage?.answered()
      else if (passage?.unanswered() === true) this.#logOpened()
      throw error
    }
  }

  async #send(call: ActionCall, options: RunOptions): Promise<EndpointReply> {
    const { reply, isKnown } = await this.#gate.pass(
      () => this.#bodies.write(call),
      async body => {
        const answer = await this.#exchange(call, body, options)
        return { reply: answer, isKnown: this.#bodies.learn(body, answer.headers) }
      },
    )
    if (isKnown) return reply
    // Nothing has run there: the server has lost the domain, as after a restart, and wants the call whole.
    if (reply.status === DOMAIN_MISSING_STATUS) return this.#send(call, options)
    this.#log.warn(
      { code: 'actions.domain-left-out', action: call.next_action, url: this.#client.address },
      'An action server that does not keep the domain got a call without it. From now on each call carries it.',
    )
    return reply
  }

  async #exchange(call: ActionCall, body: CallBody, { signal, key }: RunOptions): Promise<EndpointReply> {
    const { compress, deadline, deadlines } = this.#settings
    const packed = compress === null ? null : await packBody(body.json, compress)
    const options: PostOptions = {
      deadline: deadlines.get(call.next_action) ?? deadline,
      maxBytes: LIMITS.actionReplyBytes,
      headers: {
        ...body.headers,
        ...(compress === null ? {} : { 'content-encoding': compress }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(signal === undefined ? {} : { signal }),
    }
    return this.#client.exchange(packed ?? body.json, options)
  }

  #failed(call: ActionCall, error: unknown): ActionOutcome {
    return { kind: 'failed', message: `${call.next_action} at ${this.#client.address}: ${reasonOf(error)}` }
  }

  #circuitOpen(): Error {
    return new CodedError(
      'actions.circuit-open',
      `Not called: the last ${this.#breaker?.failures ?? 0} calls got no answer. It is tried again soon.`,
    )
  }

  #logOpened(): void {
    this.#log.error(
      { code: 'actions.circuit-opened', url: this.#client.address, calls: this.#breaker?.failures },
      'The action server does not answer. Actions fail at once until it does.',
    )
  }
}

function done(text: string): ActionOutcome {
  const reply = parseActionReply(parseExactJson(text))
  if (reply.events.length > LIMITS.actionReplyEvents) {
    throw new CodedError('actions.reply', `The answer holds more than ${LIMITS.actionReplyEvents} events.`)
  }
  return { kind: 'done', reply }
}

/** A 400 rejects the action that its body names; without a name it is a failure like any other. */
function rejection({ status, text }: EndpointReply): ActionOutcome | null {
  if (status !== 400) return null
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

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return `The answer is no JSON: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}
