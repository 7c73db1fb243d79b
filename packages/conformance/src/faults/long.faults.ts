// Rows 8 to 10, 12, 17 and 22: faults that last. Run by `npm run faults`.

import test from 'ava'
import { openRoad } from '../road.ts'
import { canStage, counted, openStage, partsOf, sleep, until } from './stage.ts'
import type { Stage } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

/** A message at the first server whose action lasts 2 s, in which the server stands still; the next one at the second. */
async function standStill(stage: Stage, still: () => Promise<void>): Promise<number> {
  stage.actions.delay = (action, number) => (action === 'action_chain' && number === 1 ? 2_000 : 0)
  const first = stage.say('ann', 1, { way: 'callback', at: [0], patience: 90_000 })
  await sleep(600)
  stage.note('pause a server')
  const standing = still()
  await sleep(1_000)
  const second = await stage.say('ann', 2, { way: 'rest', at: [1], patience: 60_000 })
  await standing
  await first
  await sleep(3_000)
  return second.ended - second.sent
}

row(
  'fault row 8: stopped for 30 s with the ticket in hand: its late save is refused, nothing is lost',
  async t => {
    t.timeout(120_000)
    const stage = await openStage(t)
    const took = await standStill(stage, async () => {
      stage.servers[0]?.signal('SIGSTOP')
      await sleep(30_000)
      stage.servers[0]?.signal('SIGCONT')
    })
    t.log(`the next message was answered after ${Math.round(took)} ms`)
    t.true(took < 13_000)
    t.true(counted(stage, 'turn.fenced') >= 1)
    t.is(partsOf(stage.history, 'ann', 1), 3)
    await stage.holds(t)
  },
)

row(
  'fault row 9: its event loop stands still for 15 s with the ticket in hand: as if it were stopped',
  async t => {
    t.timeout(120_000)
    const stage = await openStage(t)
    const took = await standStill(stage, async () => {
      stage.arm(0, 15_000)
      stage.servers[0]?.signal('SIGUSR2')
      await sleep(15_500)
    })
    t.log(`the next message was answered after ${Math.round(took)} ms`)
    t.true(took < 13_000)
    t.true(counted(stage, 'turn.fenced') >= 1)
    t.is(partsOf(stage.history, 'ann', 1), 3)
    await stage.holds(t)
  },
)

row('fault row 10: an action takes 90 s: the ticket is kept, the next message waits', async t => {
  t.timeout(170_000)
  const stage = await openStage(t)
  stage.actions.delay = (action, number) => (action === 'action_chain' && number === 1 ? 90_000 : 0)
  await stage.say('ann', 1, { way: 'callback', at: [0] })
  await stage.say('ann', 2, { way: 'callback', at: [1] })
  await sleep(60_000)
  t.is(partsOf(stage.history, 'ann', 2), 0)
  const took = await until(() => partsOf(stage.history, 'ann', 2) === 3, 60_000)
  t.log(`${Math.round(took / 1000 + 64)} s`)
  t.is(stage.history.calls.filter(({ action }) => action === 'action_chain').length, 2)
  t.is(counted(stage, 'turn.fenced'), 0)
  await stage.holds(t)
})

row(
  'fault row 12: asked to stop in an action of 60 s: it ends within 30 s, another ends the turn',
  async t => {
    t.timeout(170_000)
    const stage = await openStage(t)
    let calls = 0
    stage.actions.delay = action => (action === 'action_chain' && (calls += 1) === 1 ? 60_000 : 0)
    await stage.say('ann', 1, { way: 'callback', at: [0] })
    const started = performance.now()
    stage.note('kill a server')
    t.is(await stage.servers[0]?.stop(), 0)
    const took = performance.now() - started
    const next = await until(() => partsOf(stage.history, 'ann', 1) === 3, 20_000)
    t.log(`ended after ${Math.round(took)} ms, the turn ${Math.round(next)} ms later`)
    t.true(took < 30_000)
    const chained = stage.history.calls.filter(({ action }) => action === 'action_chain')
    t.is(chained.length, 2)
    t.is(new Set(chained.map(({ key }) => key)).size, 1)
    await stage.holds(t, 1)
  },
)

/** The answer to a message while Redis does not answer: status, and after how many milliseconds. */
async function refusal(
  stage: Stage,
  sender: string,
): Promise<{ status: number; retryAfter: number; took: number }> {
  const started = performance.now()
  const answer = await fetch(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
    method: 'POST',
    body: JSON.stringify({ sender, message: '/step{"n":"1"}' }),
  })
  await answer.arrayBuffer()
  const retryAfter = Number(answer.headers.get('retry-after'))
  return { status: answer.status, retryAfter, took: performance.now() - started }
}

const SENDERS = Array.from({ length: 8 }, (_, index) => `s${index}`)

row('fault row 17: Redis stands still for 20 s: 503 within 5 s, and all goes on within 3 s', async t => {
  t.timeout(120_000)
  const stage = await openStage(t)
  const talk = stage.talk({ senders: SENDERS })
  await sleep(1_000)
  await stage.redis.signal('SIGSTOP')
  const { status, retryAfter, took } = await refusal(stage, 'ben')
  await sleep(20_000 - took)
  await stage.redis.signal('SIGCONT')
  const { sent, ended } = await stage.say('probe', 1)
  await talk.end()
  t.log(`503 after ${Math.round(took)} ms, R ${Math.round(ended - sent)} ms`)
  t.is(status, 503)
  t.true(retryAfter > 0)
  t.true(took < 5_000)
  t.true(ended - sent < 3_000)
  await stage.holds(t)
})

row(
  'fault row 22: the network to Redis is cut for a minute: 503 within 5 s, and all goes on within 5 s',
  async t => {
    t.timeout(170_000)
    const road = await openRoad(0)
    t.teardown(() => {
      road.cut()
    })
    const endpoint = { type: 'redis', url: '127.0.0.1', port: road.port }
    const stage = await openStage(t, { endpoint, reached: port => road.heal(port) })
    const talk = stage.talk({ senders: SENDERS, patience: 120_000 })
    await sleep(1_000)
    road.hold()
    const first = await refusal(stage, 'ben')
    await sleep(60_000 - first.took)
    const last = await refusal(stage, 'cy')
    road.release()
    const { sent, ended } = await stage.say('probe', 1)
    await talk.end()
    t.log(
      `503 after ${Math.round(first.took)} and ${Math.round(last.took)} ms, R ${Math.round(ended - sent)} ms`,
    )
    for (const { status, took } of [first, last]) {
      t.is(status, 503)
      t.true(took < 5_000)
    }
    t.true(ended - sent < 5_000)
    await stage.holds(t)
  },
)
