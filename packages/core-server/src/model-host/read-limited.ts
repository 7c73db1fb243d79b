// Reads a download into memory within a bound, and checks the digest that came with it.

import { createHash } from 'node:crypto'
import { CodedError } from '@tabula/protocol'

export { ARCHIVE_LIMITS } from '@tabula/model'

export type StreamOfBytes = AsyncIterable<Uint8Array>

/** All bytes of the stream; throws CodedError `model.source` beyond the limit, before more is kept. */
export async function readLimited(stream: StreamOfBytes, limit: number, place: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    length += part.length
    if (length > limit)
      throw new CodedError('model.source', `The model of ${place} is larger than ${limit} bytes.`, {
        status: 400,
      })
    parts.push(part)
  }
  return Buffer.concat(parts, length)
}

/** Holds the bytes against a Content-Digest (RFC 9530) where one was sent. Throws CodedError `model.digest`. */
export function checkDigest(bytes: Buffer, contentDigest: string | undefined, place: string): void {
  for (const [, name, value] of (contentDigest ?? '').matchAll(/(sha-256|sha-512)=:([^:]*):/g)) {
    const found = createHash(name === 'sha-512' ? 'sha512' : 'sha256')
      .update(bytes)
      .digest('base64')
    if (found !== value)
      throw new CodedError('model.digest', `The model of ${place} does not match its ${name ?? ''} digest.`, {
        status: 400,
      })
  }
}
