import test from 'ava'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { unpackBody } from './packed-body.ts'

const PACK = {
  gzip: gzipSync,
  'X-GZIP': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: (bytes: Buffer) => bytes,
}

test('for every body, however it is packed, the same bytes come out', async t => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
      const plain = Buffer.from(bytes)
      for (const [encoding, pack] of Object.entries(PACK)) {
        t.deepEqual(await unpackBody(pack(plain), encoding, 300), plain, encoding)
      }
      t.deepEqual(await unpackBody(deflateRawSync(plain), 'deflate', 300), plain)
    }),
    { numRuns: 50 },
  )
})

test('a small body that unpacks to a huge one is stopped at the limit', async t => {
  const bomb = Buffer.alloc(10_000_000)
  for (const packed of [gzipSync(bomb), deflateSync(bomb)]) {
    const encoding = packed[0] === 0x1f ? 'gzip' : 'deflate'
    await t.throwsAsync(unpackBody(packed, encoding, 1_000), {
      message: 'The body is larger than 1000 bytes.',
    })
  }
})

test('a packing that is not known, or not the one that was named, is told', async t => {
  await t.throwsAsync(unpackBody(Buffer.from('x'), 'zip', 10), { message: /packed as zip is not read/ })
  await t.throwsAsync(unpackBody(Buffer.from('plain'), 'gzip', 10), { message: /cannot be unpacked as gzip/ })
})
