// The inner loops of training over numbers in one memory: by WebAssembly where it runs, else by plain loops with the same results.

import { compileOnce } from './compile-once.ts'
import { KERNELS_WASM } from './kernels-wasm.ts'
import { createPlainKernels } from './plain-kernels.ts'

const compile = compileOnce(KERNELS_WASM)

/**
 * Sparse times dense and back. All arrays are views of the arena that the kernels belong to. A row of weights has `stride`
 * numbers, a multiple of 4; an entry is a column (a row of the weights) and its value. Every multiplication and addition is
 * rounded to 32 bits by itself, in the order of the entries.
 */
export interface Kernels {
  /** out += Σ value × weights[column] over the entries `from` to `to`; `out` has `stride` numbers. */
  gather(out: Float32Array, weights: Float32Array, entries: Entries, from: number, to: number): void
  /** weights[column] += rate × value × delta for each entry; `delta` has `stride` numbers. */
  scatter(
    weights: Float32Array,
    entries: Entries,
    from: number,
    to: number,
    delta: Float32Array,
    rate: number,
  ): void
  /** out[row] = weights[row] · vector for every row that `out` has a place for; `vector` has `stride` numbers. */
  products(out: Float32Array, weights: Float32Array, vector: Float32Array): void
}

export interface Entries {
  readonly columns: Uint32Array
  readonly values: Float32Array
}

/** Memory for the arrays of one training, given out from the front, and the kernels that run over them. */
export interface Arena {
  readonly kernels: Kernels
  floats(length: number): Float32Array
  words(length: number): Uint32Array
}

/** The least multiple of 4 that holds `length` numbers. */
export function strideOf(length: number): number {
  return Math.ceil(length / 4) * 4
}

/** Bytes of an array of `length` 32-bit numbers in an arena. */
export function arenaBytes(length: number): number {
  return Math.ceil(length / 4) * 16
}

const PAGE = 65_536

/** An arena of so many bytes, all zero. `isPlain` keeps WebAssembly out of it, as does a runtime without SIMD. */
export function createArena(bytes: number, isPlain = false): Arena {
  const compiled = isPlain ? null : compile()
  if (compiled === null) return arenaOver(new ArrayBuffer(bytes), createPlainKernels())
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) })
  const { exports } = new WebAssembly.Instance(compiled, { memory: { memory } })
  return arenaOver(memory.buffer, wasmKernels(exports as unknown as WasmExports))
}

function arenaOver(buffer: ArrayBuffer, kernels: Kernels): Arena {
  let next = 0
  const take = (length: number): number => {
    const at = next
    next += arenaBytes(length)
    if (next > buffer.byteLength)
      throw new Error('the arena is too small for the arrays that are asked of it')
    return at
  }
  return {
    kernels,
    floats: length => new Float32Array(buffer, take(length), length),
    words: length => new Uint32Array(buffer, take(length), length),
  }
}

interface WasmExports {
  gather(out: number, weights: number, stride: number, columns: number, values: number, count: number): void
  scatter(
    weights: number,
    stride: number,
    columns: number,
    values: number,
    count: number,
    delta: number,
    rate: number,
  ): void
  products(out: number, weights: number, stride: number, count: number, vector: number): void
}

function wasmKernels(wasm: WasmExports): Kernels {
  return {
    gather(out, weights, { columns, values }, from, to) {
      wasm.gather(
        out.byteOffset,
        weights.byteOffset,
        out.byteLength,
        columns.byteOffset + 4 * from,
        values.byteOffset + 4 * from,
        to - from,
      )
    },
    scatter(weights, { columns, values }, from, to, delta, rate) {
      wasm.scatter(
        weights.byteOffset,
        delta.byteLength,
        columns.byteOffset + 4 * from,
        values.byteOffset + 4 * from,
        to - from,
        delta.byteOffset,
        rate,
      )
    },
    products(out, weights, vector) {
      wasm.products(out.byteOffset, weights.byteOffset, vector.byteLength, out.length, vector.byteOffset)
    },
  }
}
