import test from 'ava'
import fc from 'fast-check'
import { CircuitBreaker } from './circuit-breaker.ts'

const SETTINGS = { failures: 3, pause: 100, longestPause: 300 }

function opened() {
  const clock = { now: 0 }
  const breaker = new CircuitBreaker(SETTINGS, () => clock.now)
  const opens = [1, 2, 3].map(() => breaker.admit()?.unanswered())
  return { clock, breaker, opens }
}

test('a server that does not answer is left alone after a few calls, and only one call looks whether it is back', t => {
  const { clock, breaker, opens } = opened()
  t.deepEqual(opens, [false, false, true])
  t.is(breaker.admit(), null)
  clock.now = 100
  const trial = breaker.admit()
  t.not(trial, null)
  t.is(breaker.admit(), null)
  trial?.answered()
  t.not(breaker.admit(), null)
  t.is(breaker.failures, 0)
})

test('the pause grows with each trial that fails, up to its bound, and begins anew after an answer', t => {
  const { clock, breaker } = opened()
  for (const pause of [100, 200, 300, 300]) {
    clock.now += pause - 1
    t.is(breaker.admit(), null, `before ${pause}`)
    clock.now += 1
    t.false(breaker.admit()?.unanswered() ?? true, `after ${pause}`)
  }
  clock.now += 300
  breaker.admit()?.answered()
  for (let call = 0; call < 3; call += 1) breaker.admit()?.unanswered()
  clock.now += 100
  t.not(breaker.admit(), null)
})

test('a trial that its caller gives up leaves the way free for the next', t => {
  const { clock, breaker } = opened()
  clock.now = 100
  breaker.admit()?.abandoned()
  t.not(breaker.admit(), null)
})

test('answers between failures keep it closed, as do calls that were under way when it opened', t => {
  const breaker = new CircuitBreaker(SETTINGS, () => 0)
  for (let round = 0; round < 5; round += 1) {
    breaker.admit()?.unanswered()
    breaker.admit()?.unanswered()
    breaker.admit()?.answered()
  }
  t.not(breaker.admit(), null)
  const late = breaker.admit()
  for (let call = 0; call < 3; call += 1) breaker.admit()?.unanswered()
  t.is(breaker.admit(), null)
  t.false(late?.unanswered() ?? true)
})

test('for every course of calls, a server that answers again is called again within the longest pause', t => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(400), fc.constantFrom('answered', 'unanswered', 'abandoned'))),
      steps => {
        const clock = { now: 0 }
        const breaker = new CircuitBreaker(SETTINGS, () => clock.now)
        for (const [wait, end] of steps) {
          clock.now += wait
          breaker.admit()?.[end]()
        }
        clock.now += SETTINGS.longestPause
        const passage = breaker.admit()
        t.not(passage, null)
        passage?.answered()
        t.not(breaker.admit(), null)
      },
    ),
  )
})
