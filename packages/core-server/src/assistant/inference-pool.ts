// The processes of role inference that the public side forwards to: kept connections, a sender always to the same one as
// long as it answers, and to the next where it does not.

import { createHash } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import { InferenceTargets } from './inference-targets.ts'
import type { Target, TargetSettings } from './inference-targets.ts'

/** `deadline` is in milliseconds for an answer, all attempts together. */
export interface ForwardSettings extends TargetSettings {
  /** What `?token=` must say there; empty for none. */
  readonly token: string
  readonly answerBytes: number
}

export interface ForwardedAnswer {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | undefined
}

/** Milliseconds that a process which did not answer is left alone, where there is another. */
const REST = 1_000
/** Milliseconds before attempts, the first at once; the last one is repeated until the deadline. */
const PAUSES = [0, 50, 100, 200, 400, 800, 1_500]

export class InferencePool {
  readonly #settings: ForwardSettings
  readonly #targets: InferenceTargets

  /** Throws CodedError `assistant.endpoint` for an address that is none. */
  constructor(settings: ForwardSettings) {
    this.#settings = settings
    this.#targets = new InferenceTargets(settings)
  }

  /**
   * The answer of the sender's process, or of another where that is away: asked again until the deadline. A request that
   * may not come twice is asked again only where it surely did not arrive. Throws CodedError `assistant.away` (503).
   */
  async ask(
    sender: string,
    path: string,
    body: string,
    { mayRepeat }: { readonly mayRepeat: boolean } = { mayRepeat: true },
  ): Promise<ForwardedAnswer> {
    const end = performance.now() + this.#settings.deadline
    let cause: unknown
    for (let attempt = 0; ; attempt += 1) {
      const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 0
      const left = end - performance.now()
      if (left <= pause) throw away(cause)
      if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
      const target = this.#next(this.#orderFor(sender), attempt)
      try {
        const answer = await this.#request(target, 'POST', path, body, end - performance.now())
        target.restsUntil = 0
        // A process that stops refuses with 503: the next one takes the message.
        if (answer.status !== 503 || performance.now() + REST > end) return answer
        cause = new Error(`${target.name} answered 503`)
      } catch (error) {
        if (!mayRepeat && !hasNotArrived(error)) throw away(error)
        cause = error
      }
      target.restsUntil = performance.now() + REST
    }
  }

  /** Asks every process once; gives the answers of those that answered. Throws CodedError `assistant.away` if none did. */
  async askAll(method: 'GET' | 'POST', path: string, body?: string): Promise<readonly ForwardedAnswer[]> {
    const { deadline } = this.#settings
    const results = await Promise.allSettled(
      this.#targets.all.map(async target => this.#request(target, method, path, body, deadline)),
    )
    const answers = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    if (answers.length === 0) throw away(results[0]?.status === 'rejected' ? results[0].reason : undefined)
    return answers
  }

  async close(): Promise<void> {
    await this.#targets.close()
  }

  async #request(
    { pool, base }: Target,
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    milliseconds: number,
  ): Promise<ForwardedAnswer> {
    const { token, answerBytes } = this.#settings
    const {
      statusCode,
      headers,
      body: answer,
    } = await pool.request({
      method,
      path: `${base}${path}${token === '' ? '' : `?token=${encodeURIComponent(token)}`}`,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(milliseconds))),
    })
    const retryAfter = headers['retry-after']
    const text = await answer.text()
    if (text.length > answerBytes) throw new Error(`an answer of ${text.length} characters`)
    return { status: statusCode, text, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter }
  }

  /** Rendezvous hashing: where a process joins or leaves, only its own senders move. */
  #orderFor(sender: string): readonly Target[] {
    const { all } = this.#targets
    if (all.length === 1) return all
    return all
      .map(target => ({ target, rank: rankOf(sender, target.name) }))
      .sort((left, right) => right.rank - left.rank)
      .map(({ target }) => target)
  }

  /** The first that does not rest; where all do, each in turn. */
  #next(order: readonly Target[], attempt: number): Target {
    const now = performance.now()
    const target = order.find(({ restsUntil }) => restsUntil <= now) ?? order[attempt % order.length]
    if (target === undefined) throw new CodedError('assistant.endpoint', 'There is no INFERENCE_ENDPOINT.')
    return target
  }
}

function hasNotArrived(error: unknown): boolean {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'UND_ERR_CONNECT_TIMEOUT'
}

function rankOf(sender: string, name: string): number {
  return createHash('sha1').update(`${sender}\n${name}`).digest().readUInt32BE(0)
}

function away(cause: unknown): CodedError {
  return new CodedError(
    'assistant.away',
    'The assistant cannot be reached just now. Try again in a moment.',
    {
      status: 503,
      details: { retryAfter: 1 + Math.floor(Math.random() * 5) },
      cause,
    },
  )
}
