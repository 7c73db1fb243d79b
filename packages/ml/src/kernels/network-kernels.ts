// The loops of a network: by WebAssembly over one memory in training, else by plain loops with the same results.

import { compileOnce } from './compile-once.ts'
import { NETWORK_WASM } from './network-wasm.ts'

const compile = compileOnce(NETWORK_WASM)

/** Which inputs each output is connected with: those of output o are inputs[starts[o]] to inputs[starts[o + 1] - 1]. */
export interface Links {
  readonly starts: Uint32Array
  readonly inputs: Uint32Array
}

/**
 * Matrices are kept a feature after another, each with the numbers of all rows; rows are kept one after another where pairs
 * of them meet. Every multiplication and addition is rounded to 32 bits by itself; sums over rows are four, one of every
 * fourth number each, that are added up as (0 + 2) + (1 + 3).
 */
export interface NetworkKernels {
  /** out[o] = bias[o] (null: out[o] as it is) + Σ weight × x[input] over its links. */
  connect(
    out: Float32Array,
    x: Float32Array,
    links: Links,
    weights: Float32Array,
    bias: Float32Array | null,
  ): void
  /** learned[link] += x[its input] · slopes[its output]. */
  connectSlopes(learned: Float32Array, x: Float32Array, slopes: Float32Array, links: Links): void
  /** out[feature] += a[feature] · b[feature]; without b, the sum of a[feature]. */
  sums(out: Float32Array, a: Float32Array, b: Float32Array | null): void
  /** out += a × b, number by number. */
  multiplyAdd(out: Float32Array, a: Float32Array, b: Float32Array): void
  /** out = gelu(x) by its form with tanh (Hendrycks and Gimpel, 2016); slopes = how steep it is there. */
  gelu(out: Float32Array, slopes: Float32Array, x: Float32Array): void
  /** kept = 0 for a share of `rate`, else 1 / (1 - rate); out = x × kept. The state of the random numbers is given anew. */
  drop(out: Float32Array, kept: Float32Array, x: Float32Array, state: number, rate: number): number
  /** normal = rows with mean 0 and variance 1 over their features; out = normal × scale + shift. */
  normalize(
    out: Float32Array,
    normal: Float32Array,
    inverse: Float32Array,
    x: Float32Array,
    scale: Float32Array,
    shift: Float32Array,
  ): void
  /** back += what the slopes of normalize's out mean for its x. */
  normalizeSlopes(
    back: Float32Array,
    slopes: Float32Array,
    normal: Float32Array,
    inverse: Float32Array,
    scale: Float32Array,
  ): void
  /** out[n] = row left[n] of a · row right[n] of b; rows have `size` numbers, a multiple of 4. */
  pairProducts(
    out: Float32Array,
    a: Float32Array,
    left: Uint32Array,
    b: Float32Array,
    right: Uint32Array,
    size: number,
  ): void
  /** Row left[n] of a += scale[n] × row right[n] of b; without scale, the row as it is. */
  pairAdd(
    a: Float32Array,
    left: Uint32Array,
    b: Float32Array,
    right: Uint32Array,
    scale: Float32Array | null,
    size: number,
  ): void
  /** A step of Adam with `rate`, against gradients + penalty × values; gradients are zero afterwards. */
  adam(
    values: Float32Array,
    gradients: Float32Array,
    means: Float32Array,
    squares: Float32Array,
    rate: number,
    penalty: number,
  ): void
}

/** Between two states of the random numbers of `createRandom`. */
export const RANDOM_STEP = 0x6d2b79f5

type Exports = Readonly<Record<keyof MemoryKernels, (...numbers: number[]) => void>>

export interface MemoryKernels extends NetworkKernels {
  /** Zeros from one address to another: some times faster than a typed array over a shared memory does it. */
  clear(from: number, to: number): void
}

/** The kernels over a shared memory, null where WebAssembly has no SIMD or no shared memory. */
export function wasmNetworkKernels(memory: WebAssembly.Memory): MemoryKernels | null {
  const compiled = compile()
  if (compiled === null) return null
  const wasm = new WebAssembly.Instance(compiled, { memory: { memory } }).exports as unknown as Exports
  const at = (array: Float32Array | null): number => array?.byteOffset ?? 0
  return {
    clear: wasm.clear,
    connect(out, x, { starts, inputs }, weights, bias) {
      const outputs = starts.length - 1
      wasm.connect(
        at(out),
        at(x),
        at(bias),
        starts.byteOffset,
        inputs.byteOffset,
        at(weights),
        outputs,
        out.byteLength / outputs,
      )
    },
    connectSlopes(learned, x, slopes, { starts, inputs }) {
      const outputs = starts.length - 1
      wasm.connectSlopes(
        at(learned),
        at(x),
        at(slopes),
        starts.byteOffset,
        inputs.byteOffset,
        outputs,
        slopes.byteLength / outputs,
      )
    },
    sums(out, a, b) {
      wasm.sums(at(out), at(a), at(b), out.length, a.byteLength / out.length)
    },
    multiplyAdd(out, a, b) {
      wasm.multiplyAdd(at(out), at(a), at(b), out.length)
    },
    gelu(out, slopes, x) {
      wasm.gelu(at(out), at(slopes), at(x), out.length)
    },
    drop(out, kept, x, state, rate) {
      wasm.drop(at(out), at(kept), at(x), out.length, state, Math.floor(rate * 2 ** 32), 1 / (1 - rate))
      return (state + Math.imul(out.length, RANDOM_STEP)) >>> 0
    },
    normalize(out, normal, inverse, x, scale, shift) {
      const stride = x.byteLength / scale.length
      wasm.normalize(at(out), at(normal), at(inverse), at(x), at(scale), at(shift), scale.length, stride)
    },
    normalizeSlopes(back, slopes, normal, inverse, scale) {
      const stride = back.byteLength / scale.length
      wasm.normalizeSlopes(at(back), at(slopes), at(normal), at(inverse), at(scale), scale.length, stride)
    },
    pairProducts(out, a, left, b, right, size) {
      wasm.pairProducts(at(out), at(a), left.byteOffset, at(b), right.byteOffset, out.length, 4 * size)
    },
    pairAdd(a, left, b, right, scale, size) {
      wasm.pairAdd(at(a), left.byteOffset, at(b), right.byteOffset, at(scale), left.length, 4 * size)
    },
    adam(values, gradients, means, squares, rate, penalty) {
      wasm.adam(at(values), at(gradients), at(means), at(squares), values.length, rate, penalty)
    },
  }
}
