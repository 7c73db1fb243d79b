// A call's body: bounded, inflated where it comes packed, and read as JSON under any content type.

import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { CodedError } from '@tabula/protocol'

/** rasa's COMPRESS_ACTION_SERVER_REQUEST sends deflate. */
const UNPACK: Readonly<
  Record<string, (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/**
 * The body as JSON, null where it is empty. Throws CodedError with status 413 beyond `limit` bytes, packed or not, 415 for a
 * packing that is not known, 400 where it cannot be read.
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const packed = await readBytes(request, limit)
  const body = await unpack(packed, request.headers['content-encoding'], limit)
  if (body.length === 0) return null
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CodedError('request.no-json', `The body is no JSON: ${reason}`, { status: 400, cause })
  }
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) throw tooLarge(limit)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    // The caller has gone; nobody reads the answer.
    throw new CodedError('request.cut', 'The body ended too early.', { status: 400, cause })
  }
  return Buffer.concat(chunks)
}

async function unpack(packed: Buffer, encoding = 'identity', limit: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  if (name === 'identity' || packed.length === 0) return packed
  const unpackBody = Object.hasOwn(UNPACK, name) ? UNPACK[name] : undefined
  if (unpackBody === undefined) {
    const known = Object.keys(UNPACK).join(', ')
    throw new CodedError('request.encoding', `A body packed as ${name} is not read; known are ${known}.`, {
      status: 415,
    })
  }
  try {
    return await unpackBody(packed, { maxOutputLength: limit })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(limit)
    }
    throw new CodedError('request.unpack', `The body cannot be unpacked as ${name}.`, { status: 400, cause })
  }
}

function tooLarge(limit: number): CodedError {
  return new CodedError('request.too-large', `The body is larger than ${limit} bytes.`, { status: 413 })
}
