import test from 'ava'
import { testEventLog } from './event-log-contract.ts'
import { MemoryEventLog } from './memory-event-log.ts'
import { MemoryTrackerStore } from './memory-tracker-store.ts'

testEventLog(test, async () => new MemoryTrackerStore())

test('a broker that stays away does not fill the memory: the oldest events go', async t => {
  const log = new MemoryEventLog(100)
  for (let turn = 0; turn < 1000; turn += 1)
    log.push('ann', [{ event: 'slot', timestamp: turn, name: 'n', value: turn }])
  const { entries } = await log.read('', 1000)
  t.true(entries.length <= 110, String(entries.length))
  t.is(entries.at(-1)?.id, '1000')
})
