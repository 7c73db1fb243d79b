// Scores as probabilities.

/** Scores, all or those from one place to another, become probabilities that sum to 1. */
export function softmaxInPlace(scores: Float32Array | Float64Array, from = 0, to = scores.length): void {
  let highest = -Infinity
  for (let c = from; c < to; c += 1) highest = Math.max(highest, scores[c]!)
  let sum = 0
  for (let c = from; c < to; c += 1) {
    const weight = Math.exp(scores[c]! - highest)
    scores[c] = weight
    sum += weight
  }
  for (let c = from; c < to; c += 1) scores[c] = scores[c]! / sum
}
