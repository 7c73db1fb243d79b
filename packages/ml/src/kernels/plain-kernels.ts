// The kernels as plain loops: the same roundings in the same order as kernels.wat, so that both give the same bits.

import type { Kernels } from './kernels.ts'

export function createPlainKernels(): Kernels {
  return {
    gather(out, weights, { columns, values }, from, to) {
      const stride = out.length
      for (let at = from; at < to; at += 1) {
        const offset = columns[at]! * stride
        const scale = values[at]!
        for (let lane = 0; lane < stride; lane += 1)
          out[lane] = out[lane]! + Math.fround(scale * weights[offset + lane]!)
      }
    },
    scatter(weights, { columns, values }, from, to, delta, rate) {
      const stride = delta.length
      for (let at = from; at < to; at += 1) {
        const offset = columns[at]! * stride
        const scale = Math.fround(Math.fround(rate) * values[at]!)
        for (let lane = 0; lane < stride; lane += 1)
          weights[offset + lane] = weights[offset + lane]! + Math.fround(scale * delta[lane]!)
      }
    },
    products(out, weights, vector) {
      const stride = vector.length
      const sums = new Float32Array(4)
      for (let row = 0; row < out.length; row += 1) {
        sums.fill(0)
        for (let lane = 0; lane < stride; lane += 1)
          sums[lane % 4] = sums[lane % 4]! + Math.fround(weights[row * stride + lane]! * vector[lane]!)
        out[row] = Math.fround(sums[0]! + sums[2]!) + Math.fround(sums[1]! + sums[3]!)
      }
    },
  }
}
