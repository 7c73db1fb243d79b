import test from 'ava'
import fc from 'fast-check'
import { Histogram, Registry } from 'prom-client'
import { CounterTally, HistogramTally } from './tally.ts'

test('times are told as prom-client tells them, for every value', async t => {
  const bounds = [0.001, 0.5, 1, 10]
  const about = { name: 'seconds', help: 'Seconds' }
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.constantFrom('load', 'a "quoted"\nstep\\'),
          fc.oneof(fc.constantFrom(...bounds), fc.double({ min: 0, max: 20, noNaN: true })),
        ),
        { minLength: 1 },
      ),
      async values => {
        const registry = new Registry()
        const theirs = new Histogram({
          ...about,
          labelNames: ['step'],
          buckets: bounds,
          registers: [registry],
        })
        const ours = new HistogramTally({ ...about, labels: ['step'] }, bounds)
        for (const [step, value] of values) {
          theirs.observe({ step }, value)
          ours.add({ step }, value)
        }
        t.deepEqual(ours.show(), (await registry.metrics()).trimEnd().split('\n'))
      },
    ),
  )
})

test('labels of two names are told apart, and each counts for itself', t => {
  const tally = new CounterTally({ name: 'turns_total', help: 'Turns', labels: ['channel', 'outcome'] })
  for (const outcome of ['ok', 'ok', 'failed']) tally.add({ channel: 'rest', outcome })
  tally.add({ outcome: 'ok', channel: 'slack' })
  t.deepEqual(tally.show().slice(2), [
    'turns_total{channel="rest",outcome="ok"} 2',
    'turns_total{channel="rest",outcome="failed"} 1',
    'turns_total{channel="slack",outcome="ok"} 1',
  ])
})
