// Bodies that travel packed between the server and action servers, in either direction.

import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { CodedError } from './errors.ts'

type Unpack = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const inflateWrapped = promisify(inflate)
const inflateBare = promisify(inflateRaw)

/** The Content-Encodings that are read. Rasa's COMPRESS_ACTION_SERVER_REQUEST sends deflate. */
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  // Some senders leave out zlib's two bytes before the data, whose low four bits say 8.
  deflate: (packed, options) =>
    (((packed[0] ?? 0) & 15) === 8 ? inflateWrapped : inflateBare)(packed, options),
  br: promisify(brotliDecompress),
}

/**
 * The bytes, unpacked. Throws CodedError `body.encoding` (415) for a packing that is not known, `body.too-large` (413) beyond
 * `limit` bytes, `body.unpack` (400) where the bytes are not packed so.
 */
export async function unpackBody(packed: Buffer, encoding = 'identity', limit: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity' || packed.length === 0) return packed
  const unpack = Object.hasOwn(UNPACK, name) ? UNPACK[name] : undefined
  if (unpack === undefined) {
    const known = Object.keys(UNPACK).join(', ')
    throw new CodedError('body.encoding', `A body packed as ${name} is not read; known are ${known}.`, {
      status: 415,
    })
  }
  try {
    return await unpack(packed, { maxOutputLength: limit })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw bodyTooLarge(limit)
    throw new CodedError('body.unpack', `The body cannot be unpacked as ${name}.`, { status: 400, cause })
  }
}

export function bodyTooLarge(limit: number): CodedError {
  return new CodedError('body.too-large', `The body is larger than ${limit} bytes.`, { status: 413 })
}
