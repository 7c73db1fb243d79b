import test from 'ava'
import fc from 'fast-check'
import { createRandom } from '../random.ts'
import { type Arena, arenaBytes, createArena, strideOf } from './kernels.ts'
import { KERNELS_WASM } from './kernels-wasm.ts'
import { NETWORK_WASM } from './network-wasm.ts'

/** What all three kernels make of the same random numbers. */
function run(arena: Arena, seed: number, width: number, classes: number): readonly number[][] {
  const random = createRandom(seed)
  const stride = strideOf(classes)
  const count = Math.floor(random() * width) + 1
  const fill = (array: Float32Array): Float32Array => array.map(() => random() * 4 - 2)
  const weights = arena.floats(width * stride)
  weights.set(fill(weights))
  const entries = { columns: arena.words(count), values: arena.floats(count) }
  entries.columns.set(entries.columns.map(() => Math.floor(random() * width)))
  entries.values.set(fill(entries.values))
  const out = arena.floats(stride)
  out.set(fill(out))
  const sums = arena.floats(width)
  arena.kernels.gather(out, weights, entries, 0, count)
  arena.kernels.scatter(weights, entries, 0, count, out, 0.37)
  arena.kernels.products(sums, weights, out)
  return [[...out], [...weights], [...sums]]
}

test('a model trained without WebAssembly is the same, bit for bit', t => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 21 }),
      (seed, width, classes) => {
        const bytes =
          arenaBytes(width * strideOf(classes)) + 3 * arenaBytes(width) + arenaBytes(strideOf(classes))
        const fast = run(createArena(bytes), seed, width, classes)
        const plain = run(createArena(bytes, true), seed, width, classes)
        t.deepEqual(fast, plain)
      },
    ),
    { numRuns: 60 },
  )
})

for (const [name, committed] of Object.entries({ kernels: KERNELS_WASM, network: NETWORK_WASM }))
  test(`the committed ${name} are those of ${name}.wat`, async t => {
    const tool = new URL('../../../../tools/build-kernels.mjs', import.meta.url).href
    const { buildKernels } = (await import(tool)) as { buildKernels: (name: string) => Promise<Uint8Array> }
    t.is(committed.join(''), Buffer.from(await buildKernels(name)).toString('base64'))
  })

test('an arena that is too small says so instead of writing elsewhere', t => {
  const arena = createArena(16, true)
  arena.floats(4)
  t.throws(() => arena.floats(1), { message: /too small/ })
})
