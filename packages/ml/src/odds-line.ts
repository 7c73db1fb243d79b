// How sure a guess may be, from two things that speak for it: a logistic regression with one weight and a constant (Platt:
// Probabilistic Outputs for Support Vector Machines, 1999).

/** A guess that was right or not. */
export interface JudgedGuess {
  /** Its logarithmic odds, as a model gives them. */
  readonly odds: number
  /** What is added to them, whatever is learned. */
  readonly offset: number
  readonly isRight: boolean
}

/** Odds are `slope × odds + offset + constant`. */
export interface OddsLine {
  readonly slope: number
  readonly constant: number
}

/** How many guesses the usual line (a slope of 1, offsets zero on the mean) counts for: few guesses tell little. */
const PULL = 10
const ROUNDS = 20

/**
 * The line under which the guesses were as sure as they were right, but never surer on the whole than the odds themselves:
 * what comes later is less like what was learned from than guesses that were held out are.
 */
export function fitOddsLine(guesses: readonly JudgedGuess[]): OddsLine {
  const mean = guesses.reduce((sum, { offset }) => sum + offset, 0) / Math.max(guesses.length, 1)
  let [slope, constant] = [1, -mean]
  for (let round = 0; round < ROUNDS; round += 1) {
    let [g1, g2, h11, h12, h22] = [PULL * (slope - 1), PULL * (constant + mean), PULL, 0, PULL]
    for (const { odds, offset, isRight } of guesses) {
      const p = 1 / (1 + Math.exp(-(slope * odds + offset + constant)))
      const miss = p - (isRight ? 1 : 0)
      const weight = p * (1 - p)
      g1 += miss * odds
      g2 += miss
      h11 += weight * odds * odds
      h12 += weight * odds
      h22 += weight
    }
    const determinant = h11 * h22 - h12 * h12
    slope = Math.min(2, Math.max(0.3, slope - (h22 * g1 - h12 * g2) / determinant))
    constant -= (h11 * g2 - h12 * g1) / determinant
  }
  return { slope, constant: Math.min(constant, -mean) }
}
