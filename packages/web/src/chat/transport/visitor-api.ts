// What our own server offers a visitor beside the conversation: an id that cannot be guessed, their history, files, a
// rating. An untouched Rasa has none of it, and the chat works without.

import type { Attached } from '../conversation.ts'
import { readHistory } from '../merge-history.ts'
import type { PastMessage } from '../merge-history.ts'
import { isRecord, textOf } from '../messages/values.ts'
import type { Identity } from './transport.ts'

const PATIENCE = 10_000

/** Thrown where the server is there and says no; `status` is HTTP's. */
export class RefusedError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`The server answered ${status}.`)
    this.status = status
  }
}

/** A new visitor; null where the server does not know of visitors. Throws where it cannot be reached. */
export function newVisitor(server: string): Promise<Identity | null> {
  return askForVisitor(`${server}/visitors`, {})
}

/** Somebody whom the page knows, by the hash that vouches for them; null where the server does not take it. */
export function knownVisitor(server: string, userId: string, hash: string): Promise<Identity | null> {
  return askForVisitor(`${server}/visitors/known`, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user_id: userId, user_hash: hash }),
  })
}

async function askForVisitor(address: string, init: RequestInit): Promise<Identity | null> {
  const response = await fetch(address, {
    ...init,
    method: 'POST',
    signal: AbortSignal.timeout(PATIENCE),
  })
  if (response.status === 429 || response.status === 503) throw new RefusedError(response.status)
  if (!response.ok) return null
  const body: unknown = await response.json().catch(() => null)
  const sender = isRecord(body) ? textOf(body['sender']) : null
  const token = isRecord(body) ? textOf(body['token']) : null
  return sender === null || token === null ? null : { sender, token, isTabula: true }
}

/** Messages after this number, oldest first; without a number the latest. null where the server keeps none for visitors. */
export async function fetchHistory(
  server: string,
  token: string,
  after: number | null,
): Promise<readonly PastMessage[] | null> {
  const query = after === null ? 'limit=100' : `limit=200&after=${Math.floor(after)}`
  const response = await fetch(`${server}/visitors/me/messages?${query}`, {
    headers: bearer(token),
    signal: AbortSignal.timeout(PATIENCE),
  })
  if (response.status === 404) return null
  if (!response.ok) throw new RefusedError(response.status)
  return readHistory(await response.json())
}

export async function sendRating(
  server: string,
  token: string,
  rating:
    | { readonly score: number; readonly comment?: string }
    | { readonly vote: 'up' | 'down'; readonly number: number },
): Promise<void> {
  const response = await fetch(`${server}/visitors/me/rating`, {
    method: 'POST',
    headers: { ...bearer(token), 'Content-Type': 'application/json' },
    body: JSON.stringify(rating),
    signal: AbortSignal.timeout(PATIENCE),
  })
  if (!response.ok) throw new RefusedError(response.status)
}

/** Sends a file, telling how much of it has gone (0 to 1). fetch cannot tell, so this is the older way. */
export function uploadFile(
  server: string,
  token: string,
  file: File,
  progress: (share: number) => void,
): Promise<Attached> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${server}/visitors/me/files?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.upload.addEventListener('progress', event => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    })
    request.addEventListener('error', () => {
      reject(new RefusedError(0))
    })
    request.addEventListener('load', () => {
      const body: unknown = request.status < 300 ? parse(request.responseText) : null
      const url = isRecord(body) ? textOf(body['url']) : null
      if (url === null) reject(new RefusedError(request.status))
      else
        resolve({ name: file.name, url: new URL(url, `${server}/`).href, type: file.type, size: file.size })
    })
    request.send(file)
  })
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${token}` }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
