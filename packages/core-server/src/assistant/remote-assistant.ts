// The bot in processes of role inference, over HTTP.

import { CodedError } from '@tabula/protocol'
import type { TrackerEvent } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { ASSISTANT_PATHS } from './assistant-routes.ts'
import type { Assistant, ModelChange, ModelsOverview, VisitorMessage } from './assistant.ts'
import type { ForwardedAnswer, InferencePool } from './inference-pool.ts'

/** The messages of a sender that are under way. */
interface Talk {
  waiting: number
  readonly last: Promise<void>
}

export class RemoteAssistant implements Assistant {
  readonly #pool: InferencePool
  readonly #mostWaiting: number
  readonly #talks = new Map<string, Talk>()

  /** `mostWaiting` messages of one sender may be under way. */
  constructor(pool: InferencePool, mostWaiting: number) {
    this.#pool = pool
    this.#mostWaiting = mostWaiting
  }

  /** One message of a sender at a time: over two connections, or to another process, the later could come first. */
  async say({ sender, body }: VisitorMessage): Promise<string> {
    const before = this.#talks.get(sender)
    if ((before?.waiting ?? 0) >= this.#mostWaiting) throw tooMany()
    const turn = (before?.last ?? Promise.resolve()).then(async () =>
      this.#pool.ask(sender, '/webhooks/rest/webhook', JSON.stringify(body)),
    )
    const talk = { waiting: (before?.waiting ?? 0) + 1, last: turn.then(ignore, ignore) }
    this.#talks.set(sender, talk)
    try {
      return textOf(await turn)
    } finally {
      const now = this.#talks.get(sender)
      if (now !== undefined) {
        now.waiting -= 1
        if (now.waiting === 0) this.#talks.delete(sender)
      }
    }
  }

  async append(
    sender: string,
    events: readonly TrackerEvent[],
    { send }: { readonly send: boolean },
  ): Promise<void> {
    const body = JSON.stringify({ sender, events, send })
    textOf(await this.#pool.ask(sender, ASSISTANT_PATHS.append, body, { mayRepeat: false }))
  }

  async forget(sender: string): Promise<void> {
    for (const answer of await this.#pool.askAll('POST', ASSISTANT_PATHS.forget, JSON.stringify({ sender })))
      textOf(answer)
  }

  async models(): Promise<ModelsOverview> {
    const [answer] = await this.#pool.askAll('GET', ASSISTANT_PATHS.models)
    // It is our own process that answers.
    return JSON.parse(answer === undefined ? 'null' : textOf(answer)) as ModelsOverview
  }

  async changeModels(change: ModelChange): Promise<void> {
    for (const answer of await this.#pool.askAll('POST', ASSISTANT_PATHS.models, JSON.stringify(change)))
      textOf(answer)
  }

  async isReady(): Promise<boolean> {
    const answers = await this.#pool.askAll('GET', '/readyz').catch(() => [])
    return answers.some(({ status }) => status === 200)
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }
}

function ignore(): void {
  // Whoever sent that message has its error; the next one goes on.
}

function tooMany(): CodedError {
  return new CodedError('assistant.full', 'Too many messages of this sender wait for their answers.', {
    status: 429,
    details: { retryAfter: 1 },
  })
}

/** What the bot refuses with for the message's or the moment's sake. */
const REFUSALS = new Set([400, 409, 413, 422, 429, 503])

/** The text of a good answer; another one is thrown as it came, with its status and its words. */
function textOf({ status, text, retryAfter }: ForwardedAnswer): string {
  if (status < 400) return text
  throw new CodedError(`assistant.${status}`, messageOf(text), {
    // That our own token is refused, or a route missing, is no fault of who asked us.
    status: REFUSALS.has(status) ? status : 502,
    details: retryAfter === undefined ? {} : { retryAfter: Number(retryAfter) },
  })
}

function messageOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    if (isRecord(body) && typeof body['message'] === 'string') return body['message']
  } catch {
    // A proxy in between may answer in its own words.
  }
  return 'The assistant did not take it.'
}
