import test from 'ava'
import fc from 'fast-check'
import { ActionGate } from './action-gate.ts'

test('for every load, no more run at once than may, all have their turn in their order, and the place is free again', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 12 }),
      async (most, fails) => {
        const gate = new ActionGate(most, 100)
        const started: number[] = []
        let running = 0
        const ends = fails.map((isFailing, index) =>
          gate.run(async () => {
            started.push(index)
            running += 1
            t.true(running <= most)
            await new Promise(resolve => setImmediate(resolve))
            running -= 1
            if (isFailing) throw new Error('boom')
            return index
          }),
        )
        const settled = await Promise.allSettled(ends)
        t.deepEqual(
          settled.map(({ status }) => status === 'rejected'),
          fails,
        )
        t.deepEqual(
          started,
          fails.map((_, index) => index),
        )
        t.deepEqual([gate.running, gate.waiting], [0, 0])
      },
    ),
    { numRuns: 50 },
  )
})

test('one call too many is refused at once', async t => {
  const gate = new ActionGate(1, 1)
  const free = Promise.withResolvers<undefined>()
  const running = gate.run(() => free.promise)
  const waiting = gate.run(() => Promise.resolve('second'))
  await t.throwsAsync(
    gate.run(() => Promise.resolve('third')),
    { message: /1 actions are running and 1 calls are waiting/ },
  )
  free.resolve(undefined)
  await running
  t.is(await waiting, 'second')
})
