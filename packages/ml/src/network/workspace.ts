// Where the numbers of a network are while it works: a memory that kernels run over in training, or plain arrays.

import { type NetworkKernels, wasmNetworkKernels } from '../kernels/network-kernels.ts'
import { PLAIN_NETWORK_KERNELS } from '../kernels/plain-network-kernels.ts'

export interface Workspace {
  readonly kernels: NetworkKernels
  /** Numbers that a feature has for so many rows; those above the rows are zero and count for nothing. */
  strideOf(rows: number): number
  /** All zero. */
  floats(length: number): Float32Array
  /** With whatever stood there before: for numbers that are all written before one of them is read. */
  unset(length: number): Float32Array
  words(length: number): Uint32Array
  /** What is given out from now on may be taken back with `release`, all at once. */
  mark(): number
  release(mark: number): void
}

/** For predicting: as many numbers as rows, freed as any array. */
export const PLAIN_WORKSPACE: Workspace = plainWorkspace(rows => rows)

/** A workspace for training; `isPlain` keeps WebAssembly out of it, as does a runtime without what it needs. */
export function createWorkspace(isPlain = false): Workspace {
  const padded = (rows: number): number => Math.ceil(rows / 4) * 4
  return (isPlain ? null : wasmWorkspace(padded)) ?? plainWorkspace(padded)
}

function plainWorkspace(strideOf: (rows: number) => number): Workspace {
  return {
    kernels: PLAIN_NETWORK_KERNELS,
    strideOf,
    floats: length => new Float32Array(length),
    unset: length => new Float32Array(length),
    words: length => new Uint32Array(length),
    mark: () => 0,
    release: () => undefined,
  }
}

const PAGE = 65_536
const MOST_PAGES = 65_536
const LANE = 16

function wasmWorkspace(strideOf: (rows: number) => number): Workspace | null {
  // A shared memory grows where it is, and arrays over it stay valid. Address 0 stands for no array.
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true })
  const kernels = wasmNetworkKernels(memory)
  if (kernels === null) return null
  let { buffer } = memory
  let next = LANE
  let used = LANE
  const take = (length: number): number => {
    const at = next
    next += Math.ceil((length * 4) / LANE) * LANE
    if (next > buffer.byteLength) {
      memory.grow(Math.ceil((next - buffer.byteLength) / PAGE))
      ;({ buffer } = memory)
    }
    return at
  }
  const takeClear = (length: number): number => {
    const at = take(length)
    if (at < used) kernels.clear(at, Math.min(next, used))
    used = Math.max(used, next)
    return at
  }
  return {
    kernels,
    strideOf,
    // The buffer is read after `take`: it is another one where the memory has grown.
    floats(length) {
      const at = takeClear(length)
      return new Float32Array(buffer, at, length)
    },
    unset(length) {
      const at = take(length)
      used = Math.max(used, next)
      return new Float32Array(buffer, at, length)
    },
    words(length) {
      const at = takeClear(length)
      return new Uint32Array(buffer, at, length)
    },
    mark: () => next,
    release: mark => {
      next = mark
    },
  }
}
