// A call's body: bounded, unpacked where it comes packed, and read as JSON under any content type.

import type { IncomingMessage } from 'node:http'
import { bodyTooLarge, CodedError, unpackBody } from '@tabula/protocol'

/**
 * The body as JSON, null where it is empty. Throws CodedError with status 413 beyond `limit` bytes, packed or not, 415 for a
 * packing that is not known, 400 where it cannot be read.
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const packed = await readBytes(request, limit)
  const body = await unpackBody(packed, request.headers['content-encoding'], limit)
  if (body.length === 0) return null
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CodedError('request.no-json', `The body is no JSON: ${reason}`, { status: 400, cause })
  }
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(bodyTooLarge(limit))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) {
        request.pause()
        reject(bodyTooLarge(limit))
      } else chunks.push(chunk)
    })
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
    })
    // The caller has gone; nobody reads the answer.
    request.on('close', () => {
      if (!request.complete)
        reject(new CodedError('request.cut', 'The body ended too early.', { status: 400 }))
    })
    request.on('error', () => undefined)
  })
}
