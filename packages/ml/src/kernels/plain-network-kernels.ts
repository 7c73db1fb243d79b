// The network's kernels as plain loops: the same roundings in the same order as network.wat, so that both give the same bits.

import { type NetworkKernels, RANDOM_STEP } from './network-kernels.ts'

const f = Math.fround

/** Of `count` products (without b: numbers of a), in four sums. */
function dot(a: Float32Array, from: number, b: Float32Array | null, other: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let at = 0; at < count; at += 4) {
    const p = from + at
    const q = other + at
    s0 = f(s0 + (b === null ? a[p]! : f(a[p]! * b[q]!)))
    if (at + 1 < count) s1 = f(s1 + (b === null ? a[p + 1]! : f(a[p + 1]! * b[q + 1]!)))
    if (at + 2 < count) s2 = f(s2 + (b === null ? a[p + 2]! : f(a[p + 2]! * b[q + 2]!)))
    if (at + 3 < count) s3 = f(s3 + (b === null ? a[p + 3]! : f(a[p + 3]! * b[q + 3]!)))
  }
  return f(f(s0 + s2) + f(s1 + s3))
}

const ABOVE = [2.000188e-13, -8.604672e-11, 5.122297e-8, 1.4857223e-5, 6.3726195e-4, 4.8935246e-3].map(f)
const BELOW = [1.1853471e-4, 2.2684346e-3, 4.8935252e-3].map(f)
const BOUND = f(7.905311)
const FIRST_ABOVE = f(-2.7607685e-16)
const FIRST_BELOW = f(1.1982584e-6)

function tanh(given: number): number {
  const x = Math.min(BOUND, Math.max(-BOUND, given))
  const square = f(x * x)
  let above = FIRST_ABOVE
  for (const each of ABOVE) above = f(f(above * square) + each)
  let below = FIRST_BELOW
  for (const each of BELOW) below = f(f(below * square) + each)
  return f(f(above * x) / below)
}

const ROOT = f(0.7978846)
const CUBIC = f(0.044715)
const STEEP = f(0.134145)

export const PLAIN_NETWORK_KERNELS: NetworkKernels = {
  connect(out, x, { starts, inputs }, weights, bias) {
    const outputs = starts.length - 1
    const stride = out.length / outputs
    for (let o = 0; o < outputs; o += 1)
      for (let row = 0; row < stride; row += 1) {
        let sum = bias === null ? out[o * stride + row]! : bias[o]!
        for (let k = starts[o]!, end = starts[o + 1]!; k < end; k += 1)
          sum = f(sum + f(weights[k]! * x[inputs[k]! * stride + row]!))
        out[o * stride + row] = sum
      }
  },
  connectSlopes(learned, x, slopes, { starts, inputs }) {
    const outputs = starts.length - 1
    const stride = slopes.length / outputs
    for (let o = 0; o < outputs; o += 1)
      for (let k = starts[o]!, end = starts[o + 1]!; k < end; k += 1)
        learned[k] = learned[k]! + dot(slopes, o * stride, x, inputs[k]! * stride, stride)
  },
  sums(out, a, b) {
    const stride = a.length / out.length
    for (let feature = 0; feature < out.length; feature += 1)
      out[feature] = out[feature]! + dot(a, feature * stride, b, feature * stride, stride)
  },
  multiplyAdd(out, a, b) {
    for (let at = 0; at < out.length; at += 1) out[at] = out[at]! + f(a[at]! * b[at]!)
  },
  gelu(out, slopes, x) {
    for (let at = 0; at < out.length; at += 1) {
      const value = x[at]!
      const square = f(value * value)
      const t = tanh(f(f(ROOT * value) * f(1 + f(CUBIC * square))))
      const half = f(0.5 * value)
      out[at] = half * f(1 + t)
      slopes[at] = f(0.5 * f(1 + t)) + f(f(half * f(1 - f(t * t))) * f(ROOT * f(1 + f(STEEP * square))))
    }
  },
  drop(out, kept, x, start, rate) {
    const limit = Math.floor(rate * 2 ** 32)
    const scale = f(1 / (1 - rate))
    let state = start
    for (let at = 0; at < out.length; at += 1) {
      state = (state + RANDOM_STEP) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      const share = (mixed ^ (mixed >>> 14)) >>> 0 >= limit ? scale : 0
      kept[at] = share
      out[at] = x[at]! * share
    }
    return state
  },
  normalize(out, normal, inverse, x, scale, shift) {
    const features = scale.length
    const stride = x.length / features
    for (let row = 0; row < stride; row += 1) {
      let mean = 0
      for (let c = 0; c < features; c += 1) mean = f(mean + x[c * stride + row]!)
      mean = f(mean / features)
      let spread = 0
      for (let c = 0; c < features; c += 1) {
        const away = f(x[c * stride + row]! - mean)
        spread = f(spread + f(away * away))
      }
      const factor = f(1 / f(Math.sqrt(f(f(spread / features) + f(1e-6)))))
      inverse[row] = factor
      for (let c = 0; c < features; c += 1) {
        const at = c * stride + row
        const value = f(f(x[at]! - mean) * factor)
        normal[at] = value
        out[at] = f(value * scale[c]!) + shift[c]!
      }
    }
  },
  normalizeSlopes(back, slopes, normal, inverse, scale) {
    const features = scale.length
    const stride = back.length / features
    for (let row = 0; row < stride; row += 1) {
      let total = 0
      let along = 0
      for (let c = 0; c < features; c += 1) {
        const slope = f(slopes[c * stride + row]! * scale[c]!)
        total = f(total + slope)
        along = f(along + f(slope * normal[c * stride + row]!))
      }
      total = f(total / features)
      along = f(along / features)
      for (let c = 0; c < features; c += 1) {
        const at = c * stride + row
        const slope = f(slopes[at]! * scale[c]!)
        back[at] = back[at]! + f(inverse[row]! * f(f(slope - total) - f(normal[at]! * along)))
      }
    }
  },
  pairProducts(out, a, left, b, right, size) {
    for (let n = 0; n < out.length; n += 1) out[n] = dot(a, left[n]! * size, b, right[n]! * size, size)
  },
  pairAdd(a, left, b, right, scale, size) {
    for (let n = 0; n < left.length; n += 1) {
      const to = left[n]! * size
      const from = right[n]! * size
      const share = scale === null ? 1 : scale[n]!
      for (let at = 0; at < size; at += 1) a[to + at] = a[to + at]! + f(share * b[from + at]!)
    }
  },
  adam(values, gradients, means, squares, rate, penalty) {
    const step = f(rate)
    const decay = f(penalty)
    for (let at = 0; at < values.length; at += 1) {
      const slope = f(gradients[at]! + f(decay * values[at]!))
      const mean = f(f(f(0.9) * means[at]!) + f(f(0.1) * slope))
      const square = f(f(f(0.999) * squares[at]!) + f(f(f(0.001) * slope) * slope))
      means[at] = mean
      squares[at] = square
      values[at] = values[at]! - f(f(step * mean) / f(f(Math.sqrt(square)) + f(1e-7)))
      gradients[at] = 0
    }
  },
}
