// The bot in processes of role inference, over HTTP.

import { CodedError } from '@tabula/protocol'
import type { TrackerEvent } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { ASSISTANT_PATHS } from './assistant-routes.ts'
import type { Assistant, ModelChange, ModelsOverview, VisitorMessage } from './assistant.ts'
import type { ForwardedAnswer, InferencePool } from './inference-pool.ts'

export class RemoteAssistant implements Assistant {
  readonly #pool: InferencePool

  constructor(pool: InferencePool) {
    this.#pool = pool
  }

  async say({ sender, body }: VisitorMessage): Promise<string> {
    const answer = await this.#pool.ask(sender, '/webhooks/rest/webhook', JSON.stringify(body))
    return textOf(answer)
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
