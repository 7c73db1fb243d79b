// How much two sets of scores count together, so that their softmax is honest: a logistic regression with two weights.

import { softmaxInPlace } from './softmax.ts'

/** Scores of held-out rows by two models, row after row, and the classes that were right. */
export interface HeldOutScores {
  readonly classes: number
  readonly first: Float32Array
  readonly second: Float32Array
  readonly labels: Uint32Array
  /** Their places among all rows. */
  readonly rows: Uint32Array
}

/** The likeliest class of a row that was held out. */
export interface HeldOutGuess {
  readonly row: number
  /** The round in which it was held out. */
  readonly fold: number
  /** Logarithmic odds. */
  readonly odds: number
  readonly isRight: boolean
}

/** What the blend would have guessed of the rows, fold after fold. */
export function guessHeldOut(
  parts: readonly HeldOutScores[],
  [a, b]: readonly [number, number],
): HeldOutGuess[] {
  return parts.flatMap(({ classes, first, second, labels, rows }, fold) =>
    [...rows].map((row, place) => {
      const scores = Float64Array.from(
        { length: classes },
        (_, c) => a * first[place * classes + c]! + b * second[place * classes + c]!,
      )
      softmaxInPlace(scores)
      const top = scores.reduce((highest, score) => Math.max(highest, score), 0)
      return { row, fold, odds: logOdds(top), isRight: scores[labels[place]!] === top }
    }),
  )
}

/** Logarithmic odds of a probability; never infinite. */
export function logOdds(probability: number): number {
  const clear = Math.min(1 - 1e-9, Math.max(1e-9, probability))
  return Math.log(clear / (1 - clear))
}

/** Weights of each model's scores under which the right classes of all parts are most likely; never negative. */
export function fitBlend(parts: readonly HeldOutScores[]): readonly [number, number] {
  const held = joinParts(parts)
  let weights: readonly [number, number] = USUAL
  let loss = lossOf(held, weights).loss
  for (let round = 0; round < 50; round += 1) {
    const { gradient, hessian } = lossOf(held, weights)
    const step = newtonStep(gradient, hessian)
    let scale = 1
    let next = move(weights, step, scale)
    let nextLoss = lossOf(held, next).loss
    while (nextLoss > loss && scale > 1e-4) {
      scale /= 2
      next = move(weights, step, scale)
      nextLoss = lossOf(held, next).loss
    }
    if (loss - nextLoss < 1e-6) break
    weights = next
    loss = nextLoss
  }
  return weights
}

function joinParts(parts: readonly HeldOutScores[]): HeldOutScores {
  const floats = (read: (part: HeldOutScores) => Float32Array): Float32Array => {
    const whole = new Float32Array(parts.reduce((sum, part) => sum + read(part).length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(read(part), at)
      at += read(part).length
    }
    return whole
  }
  return {
    classes: parts[0]?.classes ?? 0,
    first: floats(({ first }) => first),
    second: floats(({ second }) => second),
    labels: Uint32Array.from(parts.flatMap(({ labels }) => [...labels])),
    rows: Uint32Array.from(parts.flatMap(({ rows }) => [...rows])),
  }
}

function move(
  [a, b]: readonly [number, number],
  [stepA, stepB]: readonly [number, number],
  scale: number,
): readonly [number, number] {
  return [Math.max(0, a - scale * stepA), Math.max(0, b - scale * stepB)]
}

/** A ridge keeps the step finite where the two models say the same, or too little is held out to tell. */
function newtonStep(
  [g1, g2]: readonly [number, number],
  [h11, h12, h22]: readonly [number, number, number],
): readonly [number, number] {
  const ridge = 1e-6 + 1e-3 * (h11 + h22)
  const [a, d] = [h11 + ridge, h22 + ridge]
  const determinant = a * d - h12 * h12
  return [(d * g1 - h12 * g2) / determinant, (a * g2 - h12 * g1) / determinant]
}

/**
 * What fits most data sets, and a pull towards it: where every held-out row is right, sureness would else grow without end. The
 * pull is that of so many rows more, too: of the few examples of a bot that begins, half are missing where one is held out, and
 * what is left is wrong of what it says about it.
 */
const USUAL = [1, 1] as const
const PULL = { always: 0.01, rows: 5 }

function lossOf({ classes, first, second, labels }: HeldOutScores, [a, b]: readonly [number, number]) {
  const scores = new Float64Array(classes)
  let loss = 0
  const gradient: [number, number] = [0, 0]
  const hessian: [number, number, number] = [0, 0, 0]
  labels.forEach((label, row) => {
    const offset = row * classes
    for (let c = 0; c < classes; c += 1) scores[c] = a * first[offset + c]! + b * second[offset + c]!
    softmaxInPlace(scores)
    loss -= Math.log(Math.max(scores[label]!, 1e-12))
    let [meanFirst, meanSecond, squareFirst, product, squareSecond] = [0, 0, 0, 0, 0]
    for (let c = 0; c < classes; c += 1) {
      const p = scores[c]!
      const x = first[offset + c]!
      const y = second[offset + c]!
      meanFirst += p * x
      meanSecond += p * y
      squareFirst += p * x * x
      product += p * x * y
      squareSecond += p * y * y
    }
    gradient[0] += meanFirst - first[offset + label]!
    gradient[1] += meanSecond - second[offset + label]!
    hessian[0] += squareFirst - meanFirst ** 2
    hessian[1] += product - meanFirst * meanSecond
    hessian[2] += squareSecond - meanSecond ** 2
  })
  const count = Math.max(labels.length, 1)
  const pull = PULL.always + PULL.rows / count
  return {
    loss: loss / count + (pull * ((a - USUAL[0]) ** 2 + (b - USUAL[1]) ** 2)) / 2,
    gradient: [
      gradient[0] / count + pull * (a - USUAL[0]),
      gradient[1] / count + pull * (b - USUAL[1]),
    ] as const,
    hessian: [hessian[0] / count + pull, hessian[1] / count, hessian[2] / count + pull] as const,
  }
}
