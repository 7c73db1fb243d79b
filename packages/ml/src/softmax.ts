// Scores as probabilities.

/** Scores become probabilities that sum to 1. */
export function softmaxInPlace(scores: Float32Array | Float64Array): void {
  let highest = -Infinity
  for (const score of scores) highest = Math.max(highest, score)
  let sum = 0
  for (let c = 0; c < scores.length; c += 1) {
    const weight = Math.exp(scores[c]! - highest)
    scores[c] = weight
    sum += weight
  }
  for (let c = 0; c < scores.length; c += 1) scores[c] = scores[c]! / sum
}
