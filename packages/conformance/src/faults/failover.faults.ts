// Rows 23 to 28: another Redis takes over. Run by `npm run faults`.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { redisCli, startCluster, startReplica, startSentinel } from '../../../../tools/redis-group.ts'
import { startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { STORE_TAKES_AGAIN, STORE_TAKES_NOTHING } from '../order/check.ts'
import { openRoad } from '../road.ts'
import type { Road } from '../road.ts'
import { canStage, counted, openStage, saidIn, sleep, until } from './stage.ts'
import type { Stage } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip
const SENDERS = Array.from({ length: 8 }, (_, index) => `s${index}`)
const DURABLE = { appendonly: 'yes', appendfsync: 'always' }

interface Pair {
  readonly stage: Stage
  /** From each server to Redis, and from the replica to its primary. */
  readonly roads: readonly [Road, Road]
  readonly replication: Road
  readonly replica: RedisServer
}

async function openPair(
  t: ExecutionContext,
  { waits, redis = {} }: { readonly waits: number; readonly redis?: Readonly<Record<string, string>> },
): Promise<Pair> {
  const roads = [await openRoad(0), await openRoad(0)] as const
  const replication = await openRoad(0)
  t.teardown(() => {
    for (const road of [...roads, replication]) road.cut()
  })
  let replica: RedisServer | undefined
  const stage = await openStage(t, {
    redis: { ...DURABLE, 'repl-diskless-sync-delay': '0', ...redis },
    endpoint: roads.map(({ port }) => ({ type: 'redis', url: '127.0.0.1', port, wait_replicas: waits })),
    async reached(port) {
      for (const road of roads) await road.heal(port)
      await replication.heal(port)
      replica = await startReplica(replication.port, DURABLE)
    },
  })
  if (replica === undefined) throw new Error('There is no replica.')
  const started = replica
  t.teardown(() => started.stop())
  return { stage, roads, replication, replica }
}

/** Waits until the replica has all that the primary has taken so far: replication is no part of an answer here. */
async function caughtUp({ stage }: Pair): Promise<void> {
  const said = (pattern: RegExp): number =>
    Number(pattern.exec(redisCli(stage.redis.port, 'INFO', 'replication'))?.[1] ?? -1)
  const taken = said(/master_repl_offset:(\d+)/)
  await until(() => said(/slave0:.*offset=(\d+)/) >= taken, 10_000)
}

/** The replica becomes the primary, and the servers are led to it; milliseconds until somebody new is answered. */
async function failOver({ stage, roads, replica }: Pair): Promise<number> {
  const started = performance.now()
  await stage.redis.signal('SIGKILL')
  for (const road of roads) road.cut()
  redisCli(replica.port, 'REPLICAOF', 'NO', 'ONE')
  for (const road of roads) await road.heal(replica.port)
  // The old one comes back as the replica: without one nothing could be confirmed.
  await stage.redis.restart()
  redisCli(stage.redis.port, 'REPLICAOF', '127.0.0.1', String(replica.port))
  await stage.say('probe', 1)
  return performance.now() - started
}

row(
  'fault row 23: the primary is killed, turns wait for a replica: nothing that was taken is lost',
  async t => {
    t.timeout(120_000)
    const pair = await openPair(t, { waits: 1 })
    const talk = pair.stage.talk({ senders: SENDERS })
    await sleep(3_000)
    pair.stage.note('kill redis')
    const took = await failOver(pair)
    t.log(`R ${Math.round(took)} ms`)
    t.true(took < 10_000)
    await talk.end()
    await pair.stage.holds(t)
  },
)

row(
  'fault row 24: the same without waiting, replication cut for 2 s: loss in that window alone, and it is told',
  async t => {
    t.timeout(120_000)
    const pair = await openPair(t, { waits: 0 })
    const { stage, replication } = pair
    const talk = stage.talk({ senders: SENDERS })
    await sleep(3_000)
    const cut = performance.now()
    replication.hold()
    await sleep(2_000)
    const killed = performance.now()
    const took = await failOver(pair)
    await sleep(1_000)
    await talk.end()
    const lost: number[] = []
    for (const sender of SENDERS) {
      const { events } = await stage.read(sender)
      const said = saidIn(events).map(text => Number(/\d+/.exec(String(text))?.[0]))
      t.deepEqual(
        said,
        [...new Set(said)].sort((a, b) => a - b),
        'one chain, and no copy of a lost branch in it',
      )
      const theirs = stage.history.operations.filter(each => each.sender === sender)
      for (const { number, ended } of theirs) if (!said.includes(number)) lost.push(ended)
    }
    t.log(`${lost.length} of ${stage.history.operations.length} were lost; R ${Math.round(took)} ms`)
    t.true(lost.length > 0, 'the window was met')
    // What was under way when replication was cut may be in it too.
    t.deepEqual(
      lost.filter(ended => ended < cut - 100 || ended > killed + 500),
      [],
    )
    t.true(counted(stage, 'store.regressed') > 0)
  },
)

row(
  'fault row 25: an old primary is cut off with one server, both write: one history goes on, unmixed',
  async t => {
    t.timeout(120_000)
    const redis = { 'min-replicas-to-write': '1', 'min-replicas-max-lag': '2' }
    const pair = await openPair(t, { waits: 0, redis })
    const { stage, roads, replication, replica } = pair
    for (const number of [1, 2]) await stage.say('ann', number)
    await caughtUp(pair)
    const cut = performance.now()
    replication.hold()
    redisCli(replica.port, 'REPLICAOF', 'NO', 'ONE')
    roads[1].cut()
    await roads[1].heal(replica.port)
    // Who is left with the old primary writes until that notices; the other writes where all will go on.
    const goesOn = stage.talk({ senders: ['ann', 'ben'], at: [1], from: 3 })
    let refused = 0
    let taken = 0
    for (let number = 5_000; refused === 0 && performance.now() - cut < 15_000; number += 1) {
      const answer = await fetch(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
        method: 'POST',
        body: JSON.stringify({ sender: 'ann', message: `/step{"n":"${number}"}` }),
      })
      await answer.arrayBuffer()
      if (answer.status === 200) taken += 1
      else refused = performance.now() - cut
      await sleep(50)
    }
    t.log(`${taken} were taken on the lost branch, refused after ${Math.round(refused)} ms`)
    t.true(taken > 0 && refused > 0 && refused < 11_000)
    // The network heals: both are with the new primary, the old one becomes its replica.
    roads[0].cut()
    await roads[0].heal(replica.port)
    redisCli(stage.redis.port, 'REPLICAOF', '127.0.0.1', String(replica.port))
    await goesOn.end()
    const next = stage.history.operations.filter(({ sender }) => sender === 'ann').length + 1
    for (const more of [0, 1, 2, 3])
      t.is((await stage.say('ann', next + more, { at: [more % 2] })).outcome, 'ok')
    t.log(
      `fenced ${counted(stage, 'turn.fenced')}, seen to have gone back ${counted(stage, 'store.regressed')}`,
    )
    await stage.holds(t)
  },
)

row('fault row 26: a master of a Cluster is killed: other slots do not notice, its own go on', async t => {
  t.timeout(170_000)
  const cluster = await startCluster(1)
  t.teardown(() => cluster.stop())
  const stage = await openStage(t, {
    endpoint: { type: 'redis', cluster: cluster.nodes.map(({ port }) => `127.0.0.1:${port}`) },
  })
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const victim = cluster.ownerOf(`tracker:${names[0] ?? ''}`)
  const isHit = (name: string): boolean => cluster.ownerOf(`tracker:${name}`) === victim
  const hit = names.filter(isHit)
  const spared = names.filter(name => !hit.includes(name))
  t.true(hit.length > 0 && spared.length > 0)
  const talks = [stage.talk({ senders: hit }), stage.talk({ senders: spared })] as const
  await sleep(3_000)
  stage.note('kill redis')
  // Until another node has its slots, what an action answered cannot be kept.
  stage.note(STORE_TAKES_NOTHING)
  const killed = performance.now()
  await victim.signal('SIGKILL')
  await stage.say(hit[0] ?? '', 10_000)
  const took = performance.now() - killed
  stage.note(STORE_TAKES_AGAIN)
  await sleep(2_000)
  await Promise.all(talks.map(talk => talk.end()))
  const longest = Math.max(...talks[1].times.map(each => each.took))
  t.log(`R ${Math.round(took)} ms; the longest of the others ${Math.round(longest)} ms`)
  t.true(took < 2_000 + 5_000)
  t.is(
    stage.history.operations.filter(({ sender, retries }) => spared.includes(sender) && retries > 0).length,
    0,
  )
  await stage.holds(t)
})

row('fault row 27: slots of a Cluster are moved under load: nobody sees it', async t => {
  t.timeout(170_000)
  const cluster = await startCluster()
  t.teardown(() => cluster.stop())
  const addresses = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)
  const stage = await openStage(t, { endpoint: { type: 'redis', cluster: addresses } })
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const talk = stage.talk({ senders: names })
  await sleep(1_500)
  for (const name of names.slice(0, 6)) moveSlot(cluster, `tracker:${name}`)
  await sleep(1_500)
  await talk.end()
  t.is(stage.history.operations.filter(({ retries }) => retries > 0).length, 0)
  await stage.holds(t)
})

/** Moves the slot of a key to another node, key by key, as `redis-cli --cluster reshard` does. */
function moveSlot(cluster: Awaited<ReturnType<typeof startCluster>>, key: string): void {
  const from = cluster.ownerOf(key)
  const to = cluster.nodes.find(node => node !== from)
  if (to === undefined) return
  const slot = redisCli(from.port, 'CLUSTER', 'KEYSLOT', `{${key}}`).trim()
  const idOf = (port: number): string => redisCli(port, 'CLUSTER', 'MYID').trim()
  redisCli(to.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', idOf(from.port))
  redisCli(from.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', idOf(to.port))
  for (;;) {
    const keys = redisCli(from.port, 'CLUSTER', 'GETKEYSINSLOT', slot, '3').split('\n').filter(Boolean)
    if (keys.length === 0) break
    redisCli(from.port, 'MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys)
  }
  for (const { port } of [to, from, ...cluster.nodes]) {
    redisCli(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', idOf(to.port))
  }
}

row(
  'fault row 28: Sentinel fails over, turns wait for a replica: nothing that was taken is lost',
  async t => {
    t.timeout(120_000)
    const primary = await startRedis({ ...DURABLE, 'repl-diskless-sync-delay': '0' })
    t.teardown(() => primary.stop())
    const replica = await startReplica(primary.port, DURABLE)
    t.teardown(() => replica.stop())
    const sentinel = await startSentinel(primary.port)
    t.teardown(() => sentinel.stop())
    const stage = await openStage(t, {
      endpoint: { type: 'redis', sentinels: [`127.0.0.1:${sentinel.port}`], wait_replicas: 1 },
    })
    const talk = stage.talk({ senders: SENDERS })
    await sleep(3_000)
    stage.note('kill redis')
    const killed = performance.now()
    await primary.signal('SIGKILL')
    await until(() => sentinel.primary() === replica.port, 20_000)
    // The old primary comes back as the replica: without one nothing could be confirmed.
    await primary.restart()
    await stage.say('probe', 1)
    const took = performance.now() - killed
    await talk.end()
    t.log(`R ${Math.round(took)} ms`)
    t.true(took < 10_000)
    await stage.holds(t)
  },
)
