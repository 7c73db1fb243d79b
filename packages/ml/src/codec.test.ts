// What is saved comes back, and broken bytes are refused.

import test from 'ava'
import fc from 'fast-check'
import { decodePart, encodePart, type SavedPart } from './codec.ts'

test('a saved part comes back as it was, whatever it holds', t => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.float32Array(),
      fc.int8Array(),
      (header, floats, bytes) => {
        const safe = JSON.parse(JSON.stringify(header)) as Record<string, unknown>
        const part = {
          header: safe,
          tensors: { floats, bytes, empty: new Uint32Array(0), wide: Float64Array.of(1.5, -2) },
        }
        t.deepEqual(decodePart(encodePart(part)), part)
      },
    ),
  )
})

test('bytes that are cut off anywhere are refused, and never read beyond their end', t => {
  const bytes = encodePart({ header: { a: 1 }, tensors: { x: Float32Array.of(1, 2, 3) } })
  for (let end = 0; end < bytes.length - 4; end += 1) t.throws(() => decodePart(bytes.subarray(0, end)))
})

test('security row 42: a length that no memory holds is refused before anything is made', t => {
  const text = new TextEncoder().encode(
    '{"header":{},"tensors":[{"name":"x","type":"Float64Array","length":9007199254740991}]}',
  )
  const bytes = new Uint8Array(8 + text.length + 8)
  bytes.set(encodePart({ header: {}, tensors: {} }).subarray(0, 4))
  new DataView(bytes.buffer).setUint32(4, text.length, true)
  bytes.set(text, 8)
  t.throws(() => decodePart(bytes), { message: /cut off/ })
})

test('a part read from a file, whose bytes lie within a larger memory, is the part that was written', t => {
  const part: SavedPart = {
    header: { a: 1 },
    tensors: { numbers: Int32Array.of(1, 2, 3), bytes: Uint8Array.of(4) },
  }
  const bytes = Buffer.concat([Buffer.alloc(5), encodePart(part)]).subarray(5)
  t.deepEqual(decodePart(bytes), part)
})
