import test from 'ava'
import { fitOddsLine, type JudgedGuess } from './odds-line.ts'
import { createRandom } from './random.ts'

/** Guesses whose true odds are `slope × odds + offset + constant`. */
function guesses(count: number, slope: number, constant: number): JudgedGuess[] {
  const random = createRandom(3)
  return Array.from({ length: count }, () => {
    const odds = 6 * random() - 2
    const offset = 2 * random() - 1
    const p = 1 / (1 + Math.exp(-(slope * odds + offset + constant)))
    return { odds, offset, isRight: random() < p }
  })
}

test('sureness that is too high is put right where enough guesses tell so', t => {
  const { slope, constant } = fitOddsLine(guesses(20_000, 0.6, -0.8))
  t.true(Math.abs(slope - 0.6) < 0.1, String(slope))
  t.true(Math.abs(constant + 0.8) < 0.1, String(constant))
})

test('guesses are not made surer on the whole, whatever those held out say', t => {
  const { constant } = fitOddsLine(guesses(20_000, 1, 0.8))
  t.true(constant < 0.02, String(constant))
})

test('a handful of guesses, all of them right, makes nothing much surer', t => {
  const few = [1, 2, 3].map(odds => ({ odds, offset: 0.5, isRight: true }))
  const { slope, constant } = fitOddsLine(few)
  t.true(slope > 0.9 && slope < 1.3, String(slope))
  t.true(constant > -0.6 && constant < 0.2, String(constant))
  t.deepEqual(fitOddsLine([]), { slope: 1, constant: -0 })
})
