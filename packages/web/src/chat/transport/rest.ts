// Over HTTP: one POST a message, answered with what the bot says; what it says by itself comes as server-sent events, where
// the server is ours.

import { readHistory } from '../merge-history.ts'
import { readServerEvents } from './server-events.ts'
import type { Identity, Sent, Transport, TransportEvents, WireMessage } from './transport.ts'
import { backoff, delayOrOnline } from './transport.ts'
import { bearer } from './visitor-api.ts'

export interface RestSettings {
  readonly server: string
  readonly path: string
  readonly identity: Identity
  readonly token: () => string
  /** Number of the last message of the history that is known, -1 without one. */
  readonly last: () => number
}

/** As long as an action may take, and a little more. */
const DEADLINE = 310_000
const LONGEST_WAIT = 60_000

export function overRest(settings: RestSettings, events: TransportEvents): Transport {
  const ended = new AbortController()
  events.online(navigator.onLine)
  addEventListener(
    'offline',
    () => {
      events.online(false)
    },
    { signal: ended.signal },
  )
  addEventListener(
    'online',
    () => {
      events.online(true)
    },
    { signal: ended.signal },
  )
  if (settings.identity.isTabula && settings.identity.token !== null)
    void listen(settings, events, ended.signal)
  return {
    send: message => post(settings, message),
    close: () => {
      ended.abort()
    },
  }
}

async function post(settings: RestSettings, message: WireMessage): Promise<Sent> {
  const { server, path, identity } = settings
  if (!isOnline()) return { kind: 'offline' }
  const token = settings.token()
  const { id, text, metadata } = message
  try {
    const response = await fetch(`${server}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token === '' ? {} : bearer(token)) },
      body: JSON.stringify({
        sender: identity.sender,
        message: text,
        ...(metadata === null ? {} : { metadata }),
        ...(identity.isTabula ? { message_id: id } : {}),
      }),
      signal: AbortSignal.timeout(DEADLINE),
    })
    if (response.status === 429 || response.status === 503)
      return { kind: 'wait', milliseconds: waitOf(response) }
    if (response.status === 401 || response.status === 403) return { kind: 'refused', problem: 'token' }
    if (response.status === 413) return { kind: 'refused', problem: 'too-long' }
    const answers: unknown = response.ok ? await response.json() : null
    if (!Array.isArray(answers)) return { kind: 'refused', problem: 'refused' }
    return { kind: 'accepted', answers, isOver: true }
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'refused', problem: 'refused' }
    return isOnline() ? { kind: 'lost' } : { kind: 'offline' }
  }
}

/** False is sure; true may be a network without a way out. */
function isOnline(): boolean {
  return navigator.onLine
}

/** Retry-After comes as seconds or as a date; a second without it. */
function waitOf(response: Response): number {
  const given = response.headers.get('Retry-After') ?? ''
  const wait = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.now()
  return Math.min(LONGEST_WAIT, Math.max(1_000, Number.isNaN(wait) ? 1_000 : wait))
}

/** Keeps the stream of events open; a server without one is left alone. */
async function listen(
  { server, identity, last }: RestSettings,
  events: TransportEvents,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const response = await fetch(`${server}/visitors/me/live?after=${last()}`, {
        headers: { Accept: 'text/event-stream', ...bearer(identity.token ?? '') },
        signal,
      })
      if (response.status >= 400 && response.status < 500 && response.status !== 429) return
      if (response.ok && response.body !== null) {
        if (attempt > 0) events.online(true)
        attempt = 0
        await readServerEvents(response.body, (name, data) => {
          if (name === 'message') events.said(readHistory({ messages: [data] }))
        })
      }
    } catch {
      // The connection broke: it is made again below.
    }
    await delayOrOnline(backoff(attempt), signal)
  }
}
