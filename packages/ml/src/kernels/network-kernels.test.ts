import test from 'ava'
import fc from 'fast-check'
import { createWorkspace, type Workspace } from '../network/workspace.ts'
import { createRandom } from '../random.ts'

interface Sizes {
  readonly inputs: number
  readonly outputs: number
  readonly rows: number
}

/** What all kernels make of the same random numbers. */
function run(space: Workspace, seed: number, { inputs, outputs, rows }: Sizes): readonly number[][] {
  const { kernels } = space
  const random = createRandom(seed)
  const stride = space.strideOf(rows)
  const drawn = (length: number): Float32Array => {
    const array = space.floats(length)
    array.set(array.map(() => random() * 4 - 2))
    return array
  }
  const numbers = (length: number, limit: number): Uint32Array => {
    const array = space.words(length)
    array.set(array.map(() => Math.floor(random() * limit)))
    return array
  }
  const x = drawn(inputs * stride)
  const out = drawn(outputs * stride)
  const counts = Array.from({ length: outputs }, () => Math.floor(random() * (inputs + 1)))
  const total = counts.reduce((sum, count) => sum + count, 0)
  const starts = space.words(outputs + 1)
  counts.forEach((count, at) => {
    starts[at + 1] = starts[at]! + count
  })
  const links = { starts, inputs: numbers(total, inputs) }
  const weights = drawn(total)
  const bias = drawn(outputs)
  kernels.connect(out, x, links, weights, bias)
  kernels.connect(out, x, links, weights, null)
  kernels.connectSlopes(weights, x, out, links)
  kernels.sums(bias, out, null)
  kernels.sums(bias, out, out)
  const [gelu, steep, kept] = [drawn(x.length), drawn(x.length), drawn(x.length)]
  kernels.gelu(gelu, steep, x)
  kernels.multiplyAdd(gelu, steep, x)
  const state = kernels.drop(steep, kept, gelu, seed, 0.3)
  const [normed, normal, inverse] = [drawn(x.length), drawn(x.length), drawn(stride)]
  const [scale, shift] = [drawn(inputs), drawn(inputs)]
  kernels.normalize(normed, normal, inverse, gelu, scale, shift)
  kernels.normalizeSlopes(steep, normed, normal, inverse, scale)
  const [left, right, products] = [numbers(rows, inputs), numbers(rows, inputs), drawn(rows)]
  kernels.pairProducts(products, x, left, gelu, right, stride)
  kernels.pairAdd(gelu, left, x, right, products, stride)
  kernels.pairAdd(gelu, right, x, left, null, stride)
  const [means, squares] = [drawn(x.length), drawn(x.length)]
  squares.set(squares.map(Math.abs))
  kernels.adam(normed, gelu, means, squares, 0.01, 0.002)
  const all = [out, weights, bias, steep, kept, inverse, normal, products, normed, gelu, means, squares]
  return [[state], ...all.map(array => [...array])]
}

test('a policy trained without WebAssembly is the same, bit for bit', t => {
  const size = fc.integer({ min: 1, max: 40 })
  fc.assert(
    fc.property(fc.nat(), fc.record({ inputs: size, outputs: size, rows: size }), (seed, sizes) => {
      t.deepEqual(run(createWorkspace(), seed, sizes), run(createWorkspace(true), seed, sizes))
    }),
    { numRuns: 60 },
  )
})

test('memory that is taken back is given out again, and is zero', t => {
  const space = createWorkspace()
  const mark = space.mark()
  const first = space.floats(5)
  first.fill(1)
  space.release(mark)
  const again = space.floats(7)
  t.is(again.byteOffset, first.byteOffset)
  t.deepEqual(
    [...again],
    Array.from({ length: 7 }, () => 0),
  )
  // More than the memory had at first: it grows, and what was given out stays where it is.
  again[0] = 2
  space.floats(4_000_000)
  t.is(again[0], 2)
})
