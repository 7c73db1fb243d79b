// Rows 14 to 16, 18 to 21 and 29: what Redis does to those who rely on it, short ones. Longer ones are in long.faults.ts.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { redisCli } from '../order/faults.ts'
import { openRoad } from '../road.ts'
import { STORE_TAKES_AGAIN, STORE_TAKES_NOTHING } from '../order/check.ts'
import { canStage, counted, openStage, partsOf, saidIn, sleep } from './stage.ts'
import type { Stage, Talk } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip
const SENDERS = Array.from({ length: 8 }, (_, index) => `s${index}`)

/** Milliseconds until a message of somebody new is answered. */
async function recovery(stage: Stage, name = 'probe'): Promise<number> {
  const { sent, ended } = await stage.say(name, 1, { patience: 30_000 })
  return ended - sent
}

/** The longest that one of the messages took. */
function longest({ times }: Talk): number {
  return Math.max(...times.map(({ took }) => took))
}

row(
  'fault row 14: Redis that writes every change to disk is killed: nothing is lost, all goes on within 3 s',
  async t => {
    const stage = await openStage(t)
    const talk = stage.talk({ senders: SENDERS })
    for (let round = 0; round < 3; round += 1) {
      await sleep(1_000)
      stage.note('kill redis')
      await stage.redis.signal('SIGKILL')
      await sleep(200)
      await stage.redis.restart()
      const took = await recovery(stage, `probe${round}`)
      t.log(`R ${Math.round(took)} ms`)
      t.true(took < 3_000)
    }
    await talk.end()
    await stage.holds(t)
  },
)

row(
  'fault row 15: Redis that writes each second is killed: at most what was taken in the last 2 s is lost',
  async t => {
    const stage = await openStage(t, { redis: { appendonly: 'yes', appendfsync: 'everysec' } })
    const talk = stage.talk({ senders: SENDERS })
    await sleep(5_000)
    const killed = performance.now()
    stage.note('kill redis')
    await stage.redis.signal('SIGKILL')
    await stage.redis.restart()
    await recovery(stage)
    await talk.end()
    const lost: number[] = []
    for (const sender of SENDERS) {
      const said = new Set(
        saidIn((await stage.read(sender)).events).map(text => /\d+/.exec(String(text))?.[0]),
      )
      for (const { number, ended } of stage.history.operations.filter(each => each.sender === sender))
        if (!said.has(String(number))) lost.push(ended)
    }
    t.log(`${lost.length} of ${stage.history.operations.length} messages were lost`)
    t.true(stage.history.operations.length > 50, 'they talked')
    t.deepEqual(
      lost.filter(ended => ended < killed - 2_000 || ended > killed + 100),
      [],
    )
  },
)

row(
  'fault row 16: Redis comes back empty: nobody waits for ever, all goes on within 3 s, and the log says so',
  async t => {
    const stage = await openStage(t, { redis: {} })
    for (let number = 1; number <= 6; number += 1) await stage.say('eve', number)
    const talk = stage.talk({ senders: SENDERS })
    await sleep(1_500)
    await stage.redis.signal('SIGKILL')
    await stage.redis.restart()
    const took = await recovery(stage)
    const before = stage.history.operations.length
    await sleep(1_500)
    await talk.end()
    for (let number = 7; number <= 9; number += 1) await stage.say('eve', number)
    t.log(`R ${Math.round(took)} ms`)
    t.true(took < 3_000)
    t.true(stage.history.operations.length > before + 8, 'the others go on')
    t.true(counted(stage, 'redis.no-log') > 0, 'told at start')
    t.true(counted(stage, 'store.regressed') > 0, 'told when it was seen')
  },
)

row('fault row 18: Redis takes no writes for 4 s: messages wait, none fails', async t => {
  const stage = await openStage(t)
  const talk = stage.talk({ senders: SENDERS })
  await sleep(500)
  redisCli(stage.redis, 'CLIENT', 'PAUSE', '4000', 'WRITE')
  await sleep(5_500)
  await talk.end()
  t.log(`the longest took ${Math.round(longest(talk))} ms`)
  t.true(longest(talk) > 3_000, 'they met it')
  t.is(stage.history.operations.filter(({ retries }) => retries > 0).length, 0)
  await stage.holds(t)
})

row('fault row 19: Redis drops its connections each second: nothing is lost or doubled', async t => {
  const stage = await openStage(t)
  const talk = stage.talk({ senders: SENDERS })
  for (let round = 0; round < 6; round += 1) {
    await sleep(1_000)
    redisCli(stage.redis, 'CLIENT', 'KILL', 'TYPE', 'normal')
  }
  await talk.end()
  t.is(stage.history.operations.filter(({ retries }) => retries > 0).length, 0, 'nobody sees it')
  await stage.holds(t)
})

row('fault row 20: Redis forgets its scripts: nobody sees it', async t => {
  const stage = await openStage(t)
  const talk = stage.talk({ senders: SENDERS })
  for (let round = 0; round < 8; round += 1) {
    await sleep(250)
    redisCli(stage.redis, 'SCRIPT', 'FLUSH')
  }
  await talk.end()
  t.is(stage.history.operations.filter(({ retries }) => retries > 0).length, 0)
  await stage.holds(t)
})

/** A stage whose servers reach Redis over a road that can fail. */
async function withRoad(
  t: ExecutionContext,
): Promise<{ stage: Stage; road: Awaited<ReturnType<typeof openRoad>> }> {
  const road = await openRoad(0)
  t.teardown(() => {
    road.cut()
  })
  const endpoint = { type: 'redis', url: '127.0.0.1', port: road.port }
  const stage = await openStage(t, { endpoint, reached: port => road.heal(port) })
  return { stage, road }
}

row(
  'fault row 21: the answer of a save is lost on its way: the save is known, and a retry does nothing',
  async t => {
    const { stage, road } = await withRoad(t)
    await stage.say('ann', 1)
    for (let number = 2; number <= 5; number += 1) {
      // What a turn stores holds the message: the first that names it is its save.
      const lost = road.loseAnswerTo(`"n\\":\\"${number}\\"`)
      const { outcome } = await stage.say('ann', number)
      await lost
      t.is(outcome, 'ok')
      const { events } = await stage.read('ann')
      t.is(saidIn(events).length, number)
      await stage.say('ann', number, { at: [1] })
      t.deepEqual((await stage.read('ann')).events, events, 'the same message again')
      t.is(partsOf(stage.history, 'ann', number), 6, 'with the same answer')
      stage.history.operations.pop()
    }
    await stage.holds(t)
  },
)

row('fault row 29: Redis is full: 503, no half turn, and it heals', async t => {
  const stage = await openStage(t, {
    redis: { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' },
  })
  const talk = stage.talk({ senders: SENDERS })
  await sleep(500)
  stage.note(STORE_TAKES_NOTHING)
  redisCli(stage.redis, 'CONFIG', 'SET', 'maxmemory', '1mb')
  await sleep(300)
  const answer = await fetch(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
    method: 'POST',
    body: JSON.stringify({ sender: 'ann', message: '/step{"n":"1"}' }),
  })
  t.is(answer.status, 503)
  t.true(Number(answer.headers.get('retry-after')) > 0)
  await sleep(1_500)
  redisCli(stage.redis, 'CONFIG', 'SET', 'maxmemory', '0')
  stage.note(STORE_TAKES_AGAIN)
  const took = await recovery(stage)
  await talk.end()
  t.log(`R ${Math.round(took)} ms`)
  t.true(
    stage.history.operations.some(({ retries }) => retries > 0),
    'they met it',
  )
  await stage.holds(t)
})
