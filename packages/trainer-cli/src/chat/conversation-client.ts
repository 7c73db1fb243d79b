// One conversation over Rasa's HTTP API, as Rasa's own interactive learning drives it.

import {
  CodedError,
  type DomainJson,
  parseDomainJson,
  parseTrackerState,
  type ParseData,
  type TrackerEvent,
  type TrackerState,
} from '@tabula/protocol'

export interface Prediction {
  /** Best first. */
  readonly scores: readonly { readonly action: string; readonly score: number }[]
  readonly policy: string | null
  readonly confidence: number
}

/** An event as a client sends it: what it leaves out is filled in. */
export type SentEvent = Pick<TrackerEvent, 'event'> & Readonly<Record<string, unknown>>

export class ConversationClient {
  readonly #server: string
  readonly #sender: string
  readonly #conversation: string
  readonly #token: string | undefined

  constructor(server: string, sender: string, token?: string) {
    this.#server = server
    this.#sender = sender
    this.#conversation = `/conversations/${sender}`
    this.#token = token
  }

  async domain(): Promise<DomainJson> {
    return parseDomainJson(await this.#call('GET', '/domain'))
  }

  /** Names of the domain's intents, as the model has them now. */
  async intents(): Promise<string[]> {
    const { intents = [] } = await this.domain()
    return intents.map(each => (typeof each === 'string' ? each : (Object.keys(each)[0] ?? '')))
  }

  /** What the bot says to a message, as the REST channel answers. */
  async say(message: string): Promise<unknown> {
    return this.#call('POST', '/webhooks/rest/webhook', { sender: this.#sender, message })
  }

  /** The conversation as a test story. */
  async story(): Promise<string> {
    const text = await this.#call('GET', `${this.#conversation}/story`)
    return typeof text === 'string' ? text : ''
  }

  /** Loads another model in place of the one that serves. */
  async loadModel(file: string): Promise<void> {
    await this.#call('PUT', '/model', { model_file: file })
  }

  async tracker(events: 'ALL' | 'APPLIED' | 'AFTER_RESTART'): Promise<TrackerState> {
    return parseTrackerState(
      await this.#call('GET', `${this.#conversation}/tracker?include_events=${events}`),
    )
  }

  /** Logs a message of the user; `parseData` says what it means, where understanding is not to be asked. */
  async hear(text: string, parseData?: ParseData): Promise<void> {
    await this.#call('POST', `${this.#conversation}/messages`, {
      text,
      sender: 'user',
      ...(parseData === undefined ? {} : { parse_data: parseData }),
    })
  }

  async predict(): Promise<Prediction> {
    const answer = await this.#call('POST', `${this.#conversation}/predict`)
    const { scores = [], policy = null, confidence = 0 } = (answer ?? {}) as Partial<Prediction>
    return { scores, policy, confidence }
  }

  async execute(
    name: string,
    { policy, confidence }: { readonly policy?: string | null; readonly confidence?: number } = {},
  ): Promise<void> {
    await this.#call('POST', `${this.#conversation}/execute`, {
      name,
      ...(typeof policy === 'string' ? { policy } : {}),
      ...(confidence === undefined ? {} : { confidence }),
    })
  }

  async append(events: readonly SentEvent[]): Promise<void> {
    await this.#call('POST', `${this.#conversation}/tracker/events?include_events=NONE`, events)
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const url = new URL(path, this.#server)
    if (this.#token !== undefined) url.searchParams.set('token', this.#token)
    const answer = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (answer.status === 204) return null
    const isJson = answer.headers.get('content-type')?.includes('json') === true
    const read: unknown = isJson ? await answer.json() : await answer.text()
    if (answer.ok) return read
    const { message = '' } = read as { readonly message?: string }
    throw new CodedError('cli.server', `The server refuses ${method} ${path}: ${message}`)
  }
}
