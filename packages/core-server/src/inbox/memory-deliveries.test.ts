import test from 'ava'
import { testDeliveries } from './deliveries-contract.ts'
import { MemoryDeliveries } from './memory-deliveries.ts'

testDeliveries(
  test,
  'memory',
  async () => new MemoryDeliveries({ knownDeliveries: 100, deliveryLife: 60_000 }),
)

test('a flood of ids does not fill the memory, and old ones are forgotten', async t => {
  let now = 0
  const deliveries = new MemoryDeliveries({ knownDeliveries: 3, deliveryLife: 10 }, () => now)
  const isRepeat = async (id: string): Promise<boolean> =>
    (await deliveries.once({ channel: 'c', sender: 's', id }, 'x', async () => null)).isRepeat
  for (const id of ['1', '2', '3', '4']) t.false(await isRepeat(id))
  t.false(await isRepeat('1'))
  t.true(await isRepeat('4'))
  now = 20
  t.false(await isRepeat('4'))
})
