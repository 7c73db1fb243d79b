// What every store of deliveries must hold to, whatever it is built on: run by each one's own test file.

import type { TestFn } from 'ava'
import type { JsonValue } from '@tabula/protocol'
import type { Deliveries } from './deliveries.ts'

/** Declares the contract's tests; `create` gives a fresh store. */
export function testDeliveries(test: TestFn, name: string, create: () => Promise<Deliveries>): void {
  const key = { channel: 'slack', sender: 'ann', id: 'Ev1' }
  const counter = (): { count: number; work: () => Promise<number> } => {
    const state = {
      count: 0,
      async work() {
        state.count += 1
        await new Promise(resolve => setTimeout(resolve, 5))
        return state.count
      },
    }
    return state
  }

  test(`${name}: a message that is delivered four times at once and once more later has one effect`, async t => {
    const deliveries = await create()
    const counted = counter()
    const all = await Promise.all(
      Array.from({ length: 4 }, () => deliveries.once(key, 'hi', () => counted.work())),
    )
    all.push(await deliveries.once(key, 'hi', () => counted.work()))
    t.is(counted.count, 1)
    t.deepEqual(
      all.map(({ result, isRepeat }) => [result, isRepeat]),
      [
        [1, false],
        [1, true],
        [1, true],
        [1, true],
        [1, true],
      ],
    )
  })

  test(`${name}: the same id of another sender or channel is another message`, async t => {
    const deliveries = await create()
    const counted = counter()
    await deliveries.once(key, 'hi', () => counted.work())
    await deliveries.once({ ...key, sender: 'ben' }, 'hi', () => counted.work())
    await deliveries.once({ ...key, channel: 'telegram' }, 'hi', () => counted.work())
    t.is(counted.count, 3)
  })

  test(`${name}: the same id with another text is refused, not answered with what belongs to the first`, async t => {
    const deliveries = await create()
    await deliveries.once(key, 'hi', async () => null)
    const error = await t.throwsAsync(
      deliveries.once(key, 'bye', async () => null),
      { code: 'delivery.other-content' },
    )
    t.like(error, { status: 422 })
  })

  test(`${name}: a first delivery that failed does not swallow the retry`, async t => {
    const deliveries = await create()
    await t.throwsAsync(
      deliveries.once(key, 'hi', async () => {
        throw new Error('broken')
      }),
      { message: 'broken' },
    )
    const { result, isRepeat } = await deliveries.once<JsonValue>(key, 'hi', async () => 'done')
    t.deepEqual([result, isRepeat], ['done', false])
  })
}
