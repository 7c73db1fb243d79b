// Messages a second with Redis, one and two workers, beside a bare koa that asks Redis twice a request; latency at 60 % of
// the capacity; how the cost of a message grows with its conversation; how fast a ticket changes hands between processes.
// BENCH_SECONDS shortens it. Needs ../shared (load.mjs, growth.mjs, moodbot) and redis-server.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { answers, freePort, startRedis } from '../tools/redis-server.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const shared = join(root, '..', 'shared')
const bot = join(root, 'node_modules', '.bin', 'bot')
const seconds = Number(process.env.BENCH_SECONDS ?? 15)

/** `{koaRedis, oneWorker, twoWorkers, openLoop, growth, handOver}`; rates in messages a second, times in milliseconds. */
export async function measure() {
  const folder = prepare()
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' })
  try {
    await run(bot, ['train', '--fixed-model-name', 'model'], folder)
    const koaRedis = await withKoa(redis.port, folder)
    const one = await withBot(folder, redis.port, 1, async url => {
      const closed = await load(url)
      const rate = Math.max(1, Math.floor(closed.perSecond * 0.6))
      return {
        closed,
        openLoop: { rate, ...(await load(url, ['--rate', String(rate)])) },
        growth: await growth(url),
      }
    })
    const two = await withBot(folder, redis.port, 2, async url => ({ closed: await load(url) }))
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
      handOver: await handOver(redis.port),
    }
  } finally {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  cpSync(join(shared, 'conformance', 'bots', 'moodbot'), folder, { recursive: true })
  cpSync(join(shared, 'conformance', 'exact.config.yml'), join(folder, 'config.yml'))
  writeFileSync(join(folder, 'credentials.yml'), 'rest:\n')
  return folder
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

async function withKoa(redisPort, folder) {
  const port = await freePort()
  const script = join(root, 'bench', 'reference', 'koa-redis.mjs')
  const child = spawn(process.execPath, [script, String(port), String(redisPort)], {
    cwd: folder,
    stdio: 'ignore',
  })
  try {
    await answers(port, 10_000)
    return await load(`http://127.0.0.1:${port}`)
  } finally {
    child.kill('SIGKILL')
  }
}

/** The last of three runs with the same settings: the first ones warm both sides up. */
async function load(url, more = []) {
  const args = [join(shared, 'bench', 'load.mjs'), '--url', url, '--exact', '--people', '50']
  await run(process.execPath, [...args, '--seconds', '3', ...more], root)
  const { perSecond, p50, p95, p99, max, failed, refused, empty } = JSON.parse(
    await run(process.execPath, [...args, '--seconds', String(seconds), ...more], root),
  )
  return { perSecond, p50, p95, p99, max, failed, refused, empty }
}

/** Median milliseconds around the 10th, the 1,000th and the 20,000th event of one conversation. */
async function growth(url) {
  const messages = Math.max(200, seconds * 220)
  const args = [join(shared, 'bench', 'growth.mjs'), '--url', url, '--messages', String(messages)]
  const { blocks } = JSON.parse(await run(process.execPath, args, root))
  // A message of this bot leaves about six events.
  const block = events => blocks[Math.min(blocks.length - 1, Math.floor(events / 6 / 50))]
  return { messages, at10: block(10), at1000: block(1000), at20000: block(20_000), last: blocks.at(-1) }
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

async function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', data => (text += String(data)))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`)
  return text
}
