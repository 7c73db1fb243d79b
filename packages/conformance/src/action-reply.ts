// Holds the answer of an action server against the one that rasa-sdk gave to the same call.

import { isDeepStrictEqual } from 'node:util'
import { plainJson } from '@tabula/protocol'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { TapeCall } from './recording.ts'

/** What financial-demo drew at random for each sender; everything else has to be the same. */
const DRAWN = new Set(['init_account_balance', 'credit_card_balance', 'formatted_recipients'])

/** null where the server answers with the same status and body; else what was asked and both answers. */
export async function replyDifference(
  url: string,
  asked: JsonObject,
  call: TapeCall,
): Promise<string | null> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  return holdReply(call, answer.status, (await answer.json()) as JsonValue)
}

/** The same for an answer that was given. */
export function holdReply(call: TapeCall, status: number, body: JsonValue): string | null {
  const theirs = masked(plainJson(call.response))
  const ours = masked(body)
  if (status === call.status && isDeepStrictEqual(ours, theirs)) return null
  const [wanted, found] = [JSON.stringify(theirs), JSON.stringify(ours)]
  return `${call.sender} ${call.action}: rasa-sdk ${call.status} ${wanted}, we ${status} ${found}`
}

/** A balance is a number of the bank's, wherever it stands. */
function masked(value: JsonValue): JsonValue {
  if (typeof value === 'string') return /^\d+\.\d\d$/.test(value) ? 'amount' : value
  if (Array.isArray(value)) return value.map(masked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, each]) => [
      key,
      DRAWN.has(key) ? 'drawn' : masked(each ?? null),
    ]),
  )
}
