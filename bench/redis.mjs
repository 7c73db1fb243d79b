// Messages a second with Redis, one and two workers, beside a bare koa that asks Redis twice a request; latency at 60 % of
// the capacity; how the cost of a message grows with its conversation; how fast a ticket changes hands between processes;
// what a conversation takes in Redis. BENCH_SECONDS shortens it. Needs ../shared (load.mjs, growth.mjs, moodbot) and redis-server.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { answers, freePort, startRedis } from '../tools/redis-server.ts'
import { copyMoodbot, growthBlocks, load, root, run, withKoa } from './reference/redis-load.mjs'

const bot = join(root, 'node_modules', '.bin', 'bot')
const seconds = Number(process.env.BENCH_SECONDS ?? 15)
/** Messages of the conversation that grows: this bot leaves about 5.5 events for each. */
const GROWN = 3_700

/**
 * `{koaRedis, oneWorker, twoWorkers, openLoop, growth, handOver, redisBytes}`; rates in messages a second, times in
 * milliseconds, bytes of Redis's memory for a conversation of ten messages.
 */
export async function measure() {
  const folder = copyMoodbot()
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' })
  try {
    await run(bot, ['train', '--fixed-model-name', 'model'], folder)
    const koaRedis = await withKoa(redis.port, url => load(url, seconds))
    const one = await withBot(folder, redis.port, 1, async url => {
      const closed = await load(url, seconds)
      const rate = Math.max(1, Math.floor(closed.perSecond * 0.6))
      return {
        closed,
        openLoop: { rate, ...(await load(url, seconds, ['--rate', String(rate)])) },
        growth: await growth(url),
        redisBytes: await bytesOf(redis.port, url),
      }
    })
    const two = await withBot(folder, redis.port, 2, async url => ({ closed: await load(url, seconds) }))
    const share = value => Math.round((value / koaRedis.perSecond) * 1000) / 1000
    return {
      bot: 'moodbot, exact messages, 10 turns a sender',
      redis: 'appendonly everysec, loopback, same machine as server and generator',
      seconds,
      koaRedis,
      oneWorker: { ...one.closed, shareOfKoa: share(one.closed.perSecond) },
      twoWorkers: { ...two.closed, shareOfKoa: share(two.closed.perSecond) },
      openLoop: one.openLoop,
      growth: one.growth,
      redisBytes: one.redisBytes,
      handOver: await handOver(redis.port),
    }
  } finally {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withBot(folder, redisPort, workers, work) {
  const port = await freePort()
  writeFileSync(
    join(folder, 'endpoints.yml'),
    `tracker_store:\n  type: redis\n  url: 127.0.0.1\n  port: ${redisPort}\nlock_store:\n  type: redis\n  url: 127.0.0.1\n  port: ${redisPort}\n`,
  )
  const args = ['run', '--port', String(port), '--workers', String(workers), '--quiet']
  const child = spawn(bot, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    await answers(port, 30_000)
    return await work(`http://127.0.0.1:${port}`)
  } finally {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
}

/** Median milliseconds of the 50 messages around the 10th, the 1,000th and the 20,000th event of one conversation. */
async function growth(url) {
  const blocks = await growthBlocks(url, GROWN)
  const block = events => blocks[Math.min(blocks.length - 1, Math.floor(events / 5.5 / 50))]
  return { messages: GROWN, at10: block(10), at1000: block(1000), at20000: block(20_000) }
}

/** Bytes of Redis's memory, of all its keys together, for one conversation of ten messages. */
async function bytesOf(port, url) {
  const redis = new Redis({ port })
  const used = async () => Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))[1])
  const said = ['/greet', '/mood_unhappy', '/affirm', '/goodbye']
  const people = 50
  const before = await used()
  for (let person = 0; person < people; person += 1) {
    for (let turn = 0; turn < 10; turn += 1) {
      const body = JSON.stringify({ sender: `bytes-${person}`, message: said[turn % said.length] })
      const headers = { 'content-type': 'application/json' }
      await (await fetch(`${url}/webhooks/rest/webhook`, { method: 'POST', headers, body })).text()
    }
  }
  const taken = (await used()) - before
  redis.disconnect()
  return Math.round(taken / people)
}

async function handOver(redisPort) {
  const rounds = 200
  const script = join(root, 'bench', 'reference', 'hand-over.mjs')
  const children = [0, 1].map(() =>
    spawn(process.execPath, [script, String(redisPort), String(rounds)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  const lines = children.map(child => createInterface({ input: child.stdout })[Symbol.asyncIterator]())
  for (const line of lines) await line.next()
  for (const child of children) child.stdin.write('go\n')
  const held = []
  for (const [index, line] of lines.entries()) {
    const { value } = await line.next()
    for (const [taken, given] of JSON.parse(value)) held.push({ index, taken, given })
  }
  held.sort((a, b) => a.taken - b.taken)
  const waits = []
  for (let turn = 1; turn < held.length; turn += 1) {
    if (held[turn].index !== held[turn - 1].index) waits.push(held[turn].taken - held[turn - 1].given)
  }
  waits.sort((a, b) => a - b)
  const at = share => Math.round(waits[Math.floor(waits.length * share)] * 100) / 100
  return { changes: waits.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
