// Rows 1 to 7 and 30: servers that are killed at a certain place in a message's way.

import test from 'ava'
import { messageOf } from '../order/chain.ts'
import { redisCli } from '../order/faults.ts'
import { canStage, counted, openStage, partsOf, saidIn, sleep, until } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

row(
  'fault row 1: killed before a message is accepted: an error, nothing stored, a retry has its effect once',
  async t => {
    const stage = await openStage(t)
    for (const way of ['rest', 'callback'] as const) {
      const sender = `ann-${way}`
      await stage.say(sender, 1, { way })
      stage.arm(0, 'before-accept')
      stage.note('kill a server')
      t.is(await stage.tryOnce(sender, 2, { way, at: [0] }), 'unknown')
      t.deepEqual(saidIn((await stage.read(sender, 1)).events), [messageOf(1)])
      t.is((await stage.say(sender, 2, { way, at: [1] })).outcome, 'ok')
      await stage.servers[0]?.start()
    }
    await stage.holds(t)
  },
)

row(
  'fault row 2: killed after a message was accepted, before its turn: another goes on within 12 s',
  async t => {
    const stage = await openStage(t)
    // Kept, and nobody told: found by those who look for what is left.
    stage.arm(0, 'after-accept')
    stage.note('kill a server')
    const said = stage.tryOnce('ann', 1, { way: 'callback', at: [0] })
    const took = await until(() => partsOf(stage.history, 'ann', 1) === 3, 12_000)
    t.is(await said, 'unknown')
    await stage.say('ann', 1, { way: 'callback', at: [1] })
    await stage.servers[0]?.start()
    // Told that it is kept, and waiting for its turn behind one at another server.
    stage.actions.delay = (action, number) => (action === 'action_chain' && number === 1 ? 4_000 : 0)
    const first = stage.say('ben', 1, { way: 'callback', at: [1] })
    await sleep(300)
    const second = await stage.say('ben', 2, { way: 'callback', at: [0] })
    t.is(second.outcome, 'ok')
    stage.note('kill a server')
    await stage.servers[0]?.kill()
    const again = await until(() => partsOf(stage.history, 'ben', 2) === 3, 12_000)
    await first
    t.log(`R ${Math.round(took)} and ${Math.round(again)} ms`)
    await stage.holds(t, 1)
  },
)

row(
  'fault row 3: killed with the ticket in hand: another goes on within 12 s, and others do not wait',
  async t => {
    const stage = await openStage(t)
    const others = Array.from({ length: 6 }, (_, index) => `other-${index}`)
    const talk = stage.talk({ senders: others, at: [1] })
    await sleep(2_500)
    stage.arm(0, 'ticket-held')
    stage.note('kill a server')
    const killed = performance.now()
    t.is(await stage.tryOnce('ann', 1, { at: [0] }), 'unknown')
    const again = stage.say('ann', 1, { at: [1] })
    await again
    const took = performance.now() - killed
    await talk.end()
    const p99 = (isDuring: boolean): number => {
      const times = talk.times.filter(({ at }) => at > killed === isDuring).map(each => each.took)
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
    }
    t.log(
      `R ${Math.round(took)} ms; p99 of the others ${Math.round(p99(false))} and ${Math.round(p99(true))} ms`,
    )
    t.true(took < 12_000)
    // Who waits for the dead one's ticket waits for ten seconds; half of one is what a busy machine may add.
    t.true(p99(true) < p99(false) * 1.2 + 500)
    await stage.holds(t, 1)
  },
)

row(
  'fault row 4: killed after an action answered, before that is kept: called again under the same key',
  async t => {
    const stage = await openStage(t)
    stage.arm(0, 'after-action')
    t.is(await stage.tryOnce('ann', 1, { way: 'callback', at: [0] }), 'unknown')
    stage.note('kill a server')
    await stage.say('ann', 1, { way: 'callback', at: [1] })
    await until(() => partsOf(stage.history, 'ann', 1) === 3, 12_000)
    const calls = stage.history.calls.filter(({ action }) => action === 'action_chain')
    t.is(calls.length, 2)
    t.is(new Set(calls.map(({ key }) => key)).size, 1)
    await stage.holds(t, 1)
  },
)

row('fault row 5: killed after an action’s answer is kept: it is not called again', async t => {
  const stage = await openStage(t)
  stage.arm(0, 'after-journal')
  t.is(await stage.tryOnce('ann', 1, { way: 'callback', at: [0] }), 'unknown')
  await stage.say('ann', 1, { way: 'callback', at: [1] })
  await until(() => partsOf(stage.history, 'ann', 1) === 3, 12_000)
  t.is(stage.history.calls.filter(({ action }) => action === 'action_chain').length, 1)
  await stage.holds(t, 1)
})

row(
  'fault row 6: killed after the turn is saved: a retry gets the saved answer, and no new event',
  async t => {
    const stage = await openStage(t)
    stage.arm(0, 'after-save')
    t.is(await stage.tryOnce('ann', 1, { at: [0] }), 'unknown')
    const { events } = await stage.read('ann', 1)
    t.is((await stage.say('ann', 1, { at: [1] })).outcome, 'ok')
    t.deepEqual((await stage.read('ann', 1)).events, events)
    t.is(partsOf(stage.history, 'ann', 1), 3)
    t.deepEqual(
      stage.history.replies.map(({ number, part, hash }) => `${number} ${part} ${hash}`),
      events.filter(({ event }) => event === 'bot').map(({ text }) => text),
    )
    await stage.holds(t, 1)
  },
)

row(
  'fault row 7: killed between two parts of an answer: none is missing, at most one comes twice',
  async t => {
    const stage = await openStage(t)
    stage.arm(0, 'between-parts')
    const said = stage.tryOnce('ann', 1, { way: 'callback', at: [0] })
    await until(() => new Set(stage.history.replies.map(({ part }) => part)).size === 3, 12_000)
    t.is(await said, 'unknown')
    await stage.say('ann', 1, { way: 'callback', at: [1] })
    await sleep(1_000)
    const parts = stage.history.replies.map(({ part }) => part)
    t.true(parts.length <= 4, String(parts))
    await stage.holds(t, 1)
  },
)

row('fault row 30: a ticket that lapses lets nobody save what another has moved on', async t => {
  const stage = await openStage(t)
  stage.actions.delay = action => (action === 'action_chain' ? 300 : 0)
  const talk = stage.talk({ senders: Array.from({ length: 6 }, (_, index) => `s${index}`), pause: 10 })
  stage.note('let tickets lapse')
  for (let round = 0; round < 60; round += 1) {
    redisCli(
      stage.redis,
      'EVAL',
      "for _, key in ipairs(redis.call('KEYS', '*:ticket')) do redis.call('PEXPIRE', key, 1) end return 1",
      '0',
    )
    // Somebody else of the same conversations wants in, so that the lapse shows.
    void stage.tryOnce(`s${round % 6}`, 1, { at: [round % 2] })
    await sleep(50)
  }
  await talk.end()
  t.log(`${counted(stage, 'turn.fenced')} saves were refused`)
  t.true(counted(stage, 'turn.fenced') > 0)
  await stage.holds(t)
})
