// A clone alone proves that conversations go as with Rasa: these bots and their recordings lie in this package.

import test from 'ava'
import { holdBot } from './hold-bot.ts'
import { KNOWN_DIFFERENCES } from './known-differences.ts'
import { OWN_BOTS, ownBot } from './own-bots.ts'

test('every room of the dialogue has its bot', t => {
  t.is(OWN_BOTS.length, 12)
})

for (const name of OWN_BOTS)
  test.serial(`${name}: its conversations go as they went with Rasa, event by event`, async t => {
    const { differences, score, strayCalls } = await holdBot(ownBot(name), KNOWN_DIFFERENCES)
    t.deepEqual(differences.slice(0, 3), [])
    t.deepEqual(strayCalls, [])
    t.true((score.get('conversations: events')?.total ?? 0) > 5)
  })
