// Packs a call for an action server that reads packed bodies, as rasa-sdk's does.

import { promisify } from 'node:util'
import { deflate, gzip } from 'node:zlib'

export type Packing = 'deflate' | 'gzip'

const PACK = { deflate: promisify(deflate), gzip: promisify(gzip) }

export function packBody(json: Buffer, packing: Packing): Promise<Buffer> {
  return PACK[packing](json)
}
