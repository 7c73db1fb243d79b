// What real Rasa 3.6.21 does with its tracker store and its lock store in Redis, under the load that `redis` puts on our
// server: messages a second, and how its cost grows over 300 messages. It needs `../shared/conformance/reference.sh install`,
// and takes some minutes. BENCH_SECONDS shortens it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers, freePort, startRedis } from '../tools/redis-server.ts'
import { copyMoodbot, growthBlocks, load, run, shared, withKoa } from './reference/redis-load.mjs'

const reference = join(shared, 'conformance', 'reference.sh')
const seconds = Number(process.env.BENCH_SECONDS ?? 20)

/** `{koaRedis, rasa, growth}`; rates in messages a second, times in milliseconds. */
export async function measure() {
  if (!existsSync(reference)) throw new Error(`${reference} is not there; it installs and runs real Rasa.`)
  const folder = copyMoodbot()
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' })
  try {
    const koaRedis = await withKoa(redis.port, url => load(url, seconds))
    await run(reference, ['train', folder], folder)
    return await withRasa(folder, redis.port, async url => {
      const closed = await load(url, seconds)
      const blocks = await growthBlocks(url, 300)
      const rounded = value => Math.round(value * 10_000) / 10_000
      return {
        bot: 'moodbot, exact messages, 10 turns a sender',
        redis:
          'appendonly everysec, loopback, same machine as server and generator; tracker in db 0, lock in db 1',
        seconds,
        koaRedis,
        rasa: { ...closed, shareOfKoa: rounded(closed.perSecond / koaRedis.perSecond) },
        growth: { messages: 300, first: blocks[0], last: blocks.at(-1), blocks },
      }
    })
  } finally {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withRasa(folder, redisPort, work) {
  const port = await freePort()
  const store = db => `  type: redis\n  url: 127.0.0.1\n  port: ${redisPort}\n  db: ${db}\n`
  writeFileSync(join(folder, 'endpoints.yml'), `tracker_store:\n${store(0)}lock_store:\n${store(1)}`)
  const child = spawn(reference, ['serve', folder, String(port)], { stdio: 'ignore' })
  try {
    await answers(port, 120_000)
    const url = `http://127.0.0.1:${port}`
    await isReady(url)
    return await work(url)
  } finally {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
}

/** Resolves when the model is loaded. */
async function isReady(url) {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/status`).catch(() => null)
    if (answer?.ok === true) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('Rasa has loaded no model in two minutes.')
}
