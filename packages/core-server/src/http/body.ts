// A request's body, bounded. The content type is not asked for: Rasa's clients send JSON under any.

import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { parseExactJson } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import { ApiError, badRequest } from './errors.ts'

/** The body's bytes; throws 413 beyond `limit` bytes and 415 for a compressed one. */
export async function readBody(request: IncomingMessage, limit: number = LIMITS.bodyBytes): Promise<Buffer> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new ApiError({
      status: 415,
      reason: 'UnsupportedMediaType',
      message: `A body in Content-Encoding ${encoding} is not read. Send it plain.`,
    })
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  return collect(request, limit)
}

/** By events: an async iterator costs more than the rest of reading a small body. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    let isRead = false
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) {
        chunks.push(chunk)
        return
      }
      reject(tooLarge(limit))
      request.destroy()
    })
    request.once('end', () => {
      isRead = true
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
    })
    request.once('error', reject)
    request.once('close', () => {
      // Every request is closed in the end, and an error that nobody hears of is not free.
      if (!isRead) reject(new Error('The connection was closed before the body had arrived.'))
    })
  })
}

/** The body as JSON, null where it is empty, as Rasa reads it; throws 400 where it is no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  return parseJson(await readBody(request))
}

/** The same with its whole floats: for what may become values of slots. */
export async function readExactJson(request: IncomingMessage): Promise<unknown> {
  return parseJson(await readBody(request), parseExactJson)
}

/** Bytes as JSON, null where there are none; throws 400 for what is no JSON, or no UTF-8. */
export function parseJson(bytes: Buffer, parse: (text: string) => unknown = JSON.parse): unknown {
  if (bytes.length === 0) return null
  try {
    if (!isUtf8(bytes)) throw new TypeError('no UTF-8')
    return parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new ApiError({
      status: 400,
      reason: 'BadRequest',
      message: 'Failed when parsing body as json',
      cause,
    })
  }
}

/** The body as a JSON object; throws 400 for anything else. */
export async function readJsonObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const value = await readJson(request)
  if (!isRecord(value)) throw badRequest('The body should be a JSON object.')
  return value
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tooLarge(limit: number): ApiError {
  return new ApiError({
    status: 413,
    reason: 'PayloadTooLarge',
    message: `The body is larger than ${limit} bytes.`,
  })
}
