// Asks a Duckling server, as Rasa does: a form by POST to /parse.

import type { JsonObject } from '@tabula/protocol'
import type { DucklingMatch } from './duckling-match.ts'

export interface DucklingRequest {
  readonly url: string
  readonly text: string
  readonly locale: string | null
  readonly timezone: string | null
  readonly dimensions: readonly string[] | null
  /** Milliseconds since 1970. */
  readonly reference: number
  readonly timeoutSeconds: number
}

/** The server's matches, offsets as it gives them: in code points. Rejects with an Error that says what went wrong. */
export async function askDuckling(request: DucklingRequest): Promise<DucklingMatch[]> {
  const { url, text, locale, timezone, dimensions, reference, timeoutSeconds } = request
  const form = new URLSearchParams({
    text,
    ...(locale === null ? {} : { locale }),
    ...(timezone === null ? {} : { tz: timezone }),
    dims: JSON.stringify(dimensions),
    reftime: String(reference),
  })
  const answer = await fetch(`${url.replace(/\/+$/, '')}/parse`, {
    method: 'POST',
    body: form,
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  })
  if (answer.status !== 200)
    throw new Error(`it answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`)
  const matches: unknown = await answer.json()
  if (!Array.isArray(matches)) throw new Error('its answer is no list')
  return matches.flatMap((match: unknown) => readMatch(match) ?? [])
}

function readMatch(match: unknown): DucklingMatch | null {
  if (typeof match !== 'object' || match === null) return null
  const { start, end, dim, value, body, text } = match as Readonly<Record<string, unknown>>
  if (typeof start !== 'number' || typeof end !== 'number' || typeof dim !== 'string') return null
  if (typeof value !== 'object' || value === null) return null
  const said = typeof body === 'string' ? body : typeof text === 'string' ? text : ''
  return { body: said, start, end, dim, value: value as JsonObject }
}
