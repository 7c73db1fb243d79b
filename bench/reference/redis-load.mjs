// What the benches over Redis have in common: the bot, koa as the limit, and the generators of ../shared/bench.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answers, freePort } from '../../tools/redis-server.ts'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const shared = join(root, '..', 'shared')

/** A folder of its own with moodbot, its intents told by exact messages. */
export function copyMoodbot() {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  cpSync(join(shared, 'conformance', 'bots', 'moodbot'), folder, { recursive: true })
  cpSync(join(shared, 'conformance', 'exact.config.yml'), join(folder, 'config.yml'))
  writeFileSync(join(folder, 'credentials.yml'), 'rest:\n')
  return folder
}

/** What `work` returns of a bare koa that asks this Redis twice a request. */
export async function withKoa(redisPort, work) {
  const port = await freePort()
  const script = join(root, 'bench', 'reference', 'koa-redis.mjs')
  const child = spawn(process.execPath, [script, String(port), String(redisPort)], {
    cwd: root,
    stdio: 'ignore',
  })
  try {
    await answers(port, 10_000)
    return await work(`http://127.0.0.1:${port}`)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Messages a second and milliseconds of the second of two runs with the same settings: the first one warms both sides up. */
export async function load(url, seconds, more = []) {
  const args = [join(shared, 'bench', 'load.mjs'), '--url', url, '--exact', '--people', '50']
  await run(process.execPath, [...args, '--seconds', '5', ...more], root)
  const { perSecond, p50, p95, p99, max, failed, refused, empty } = JSON.parse(
    await run(process.execPath, [...args, '--seconds', String(seconds), ...more], root),
  )
  return { perSecond, p50, p95, p99, max, failed, refused, empty }
}

/** Median milliseconds of each 50 messages of one conversation. */
export async function growthBlocks(url, messages) {
  const args = [join(shared, 'bench', 'growth.mjs'), '--url', url, '--messages', String(messages)]
  return JSON.parse(await run(process.execPath, args, root)).blocks
}

/** What a program prints; throws where it fails. */
export async function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', data => (text += String(data)))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`)
  return text
}
