import test from 'ava'
import type { ExecutionContext } from 'ava'
import { hasPostgres } from '../../../../tools/postgres-server.ts'
import { hasRedis } from '../../../../tools/redis-server.ts'
import { checkRun } from './check.ts'
import { link } from './chain.ts'
import { newHistory } from './history.ts'
import { runOrder } from './run-order.ts'
import type { OrderOptions } from './run-order.ts'
import { sabotage } from './sabotage.ts'

/** Seconds of each long run; `npm run bench -- order` runs ten minutes. */
const SECONDS = Number(process.env['ORDER_SECONDS'] ?? 60)
const onRedis = hasRedis() ? test.serial : test.serial.skip
const onPostgres = hasRedis() && hasPostgres() ? test.serial : test.serial.skip

async function holds(t: ExecutionContext, store: OrderOptions['store']): Promise<void> {
  t.timeout(280_000)
  const seed = Date.now() % 100_000
  const { violations, ...seen } = await runOrder({ seconds: SECONDS, seed, store, senders: 16 })
  t.deepEqual(violations, [], `seed ${seed}: ${JSON.stringify(seen)}`)
  t.true(seen.taken > 100 && Object.keys(seen.faults).length > 1, `a run that met nothing: seed ${seed}`)
}

onRedis('three servers over one Redis: nothing is lost, doubled or out of order under faults', async t => {
  await holds(t, 'redis')
})

onPostgres(
  'three servers over PostgreSQL: nothing is lost, doubled or out of order under faults',
  async t => {
    await holds(t, 'postgres')
  },
)

interface Broken {
  readonly options: Partial<OrderOptions>
  /** What it must be caught at; to be slow is not to be caught. */
  readonly rules: readonly string[]
}

/** Builds that break one promise, with the faults that show it. */
const BROKEN: Readonly<Record<string, Broken>> = {
  'no-compare': {
    options: { faults: ['let tickets lapse'] },
    rules: ['lost', 'doubled', 'order', 'turn', 'chain', 'reply', 'store'],
  },
  'early-mark': { options: { faults: ['kill a server'] }, rules: ['lost', 'reply-lost'] },
  'no-journal': { options: { faults: ['kill a server'], slowAction: 'action_rest' }, rules: ['calls'] },
  'no-order': { options: { faults: ['forget scripts'] }, rules: ['reply-order'] },
}

for (const [build, { options, rules }] of Object.entries(BROKEN)) {
  onRedis(`the checker sees what a server without its promise does: ${build}`, async t => {
    t.timeout(280_000)
    const run: Omit<OrderOptions, 'seed'> = {
      ...{ seconds: 14, store: 'redis', senders: 12, pause: 60, servers: 2 },
      ...{ patience: 5_000, answerWithin: 10_000 },
    }
    const seen = new Set<string>()
    // On a machine that barely moves, the faults of one run may meet nothing.
    for (const seed of [1, 2, 3]) {
      const { violations } = await runOrder({ ...run, ...options, seed, preload: sabotage(build) })
      for (const { rule } of violations) seen.add(rule)
      if (rules.some(rule => seen.has(rule))) break
    }
    t.true(
      rules.some(rule => seen.has(rule)),
      `${[...seen].join()} is not what it breaks`,
    )
  })
}

test('a run without a fault in it is not complained about, and each kind of fault is', t => {
  const sender = 'ann'
  const history = newHistory()
  const hashes = [1, 2].reduce<string[]>((all, number) => [...all, link(all.at(-1) ?? '', number)], [])
  for (const number of [1, 2]) {
    const at = number * 100
    history.operations.push({
      sender,
      way: 'callback',
      number,
      sent: at,
      ended: at + 50,
      outcome: 'ok',
      retries: 0,
    })
    for (const part of [1, 2, 3])
      history.replies.push({ sender, number, part, hash: hashes[number - 1] ?? '', at })
  }
  const event = (number: number, place: number): object[] => [
    { event: 'user', timestamp: place, text: `/step{"n":"${number}"}` },
    { event: 'action', timestamp: place, name: 'action_listen' },
  ]
  const judge = (
    numbers: readonly number[],
    chain: unknown = hashes[1],
    stored = numbers.length * 2,
  ): string[] => {
    const events = numbers.flatMap(event) as { event: string; timestamp: number }[]
    return [...new Set(checkRun(history, [{ sender, events, chain, stored }]).map(({ rule }) => rule))]
  }
  t.deepEqual(judge([1, 2]), [])
  t.true(judge([1]).includes('lost'))
  t.true(judge([1, 2, 2]).includes('doubled'))
  t.true(judge([2, 1]).includes('order'))
  t.true(judge([1, 2, 3]).includes('foreign'))
  t.deepEqual(judge([1, 2], 'other'), ['chain'])
  t.deepEqual(judge([1, 2], hashes[1], 3), ['store'])
})

test('answers out of order at one socket are complained about, but not what a socket misses that joined later', t => {
  const sender = 'ann'
  const hash = link('', 1)
  const events = [
    { event: 'user', timestamp: 1, text: '/step{"n":"1"}' },
    { event: 'action', timestamp: 1, name: 'action_listen' },
  ]
  const judge = (
    ...heard: readonly (readonly [parts: readonly number[], joined: number, isRetold: boolean])[]
  ) => {
    const history = newHistory()
    history.operations.push({
      ...{ sender, way: 'socketio', number: 1, sent: 100, ended: 200, outcome: 'ok', retries: 0 },
    })
    for (const [parts, joined, isRetold] of heard) {
      const socket = { joined }
      for (const part of parts)
        history.replies.push({ sender, number: 1, part, hash, at: 150, socket, isRetold })
    }
    return checkRun(history, [{ sender, events, chain: hash, stored: 2 }]).map(({ rule }) => rule)
  }
  t.deepEqual(judge([[1, 2, 2, 3], 0, false]), [])
  t.deepEqual(judge([[2, 3], 120, false], [[1, 2, 3], 0, true]), [], 'joined under way, told again')
  t.true(judge([[1, 3, 2], 0, false]).includes('reply-order'))
  t.true(
    judge([[2, 3], 0, false], [[1, 2, 3], 0, true]).includes('reply-order'),
    'it was there and was told the half',
  )
  t.true(judge([[1], 0, false], [[2, 3], 0, true]).includes('reply-order'), 'told again by half')
  t.deepEqual(judge([[2, 3], 120, false]), ['reply-lost'])
})

test('an action that is called again is complained about, unless a crash fell before its turn went on', t => {
  const call = (key: string, came: number) => ({
    ...{ key, sender: 'ann', number: 1, action: 'action_chain' },
    ...{ came, answered: came + 50 },
  })
  const judge = (killed: number | null, ...calls: readonly ReturnType<typeof call>[]) => {
    const history = newHistory()
    history.calls.push(...calls)
    if (killed !== null) history.faults.push({ kind: 'kill a server', at: killed })
    return checkRun(history, []).map(({ rule }) => rule)
  }
  const again = call('ann/1/0', 20_000)
  t.deepEqual(judge(null, call('ann/1/0', 1_000), again), ['calls'])
  t.deepEqual(judge(15_000, call('ann/1/0', 1_000), again), [], 'it may not be kept yet')
  t.deepEqual(
    judge(15_000, call('ann/1/0', 1_000), call('ann/1/1', 1_100), again),
    ['calls'],
    'the turn went on',
  )
  t.deepEqual(judge(1_060, call('ann/1/0', 1_000), call('ann/1/1', 1_100), again), [])
})
