// The shop's assistant as services: what the public API costs beside a direct call to inference, how many people it carries,
// and what a conversation takes in Redis. Settings of the run are printed with it; rates are off, since all people come
// from one address. Needs Redis, PostgreSQL and the load generator ../shared/bench/load.mjs.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildTree } from '../docker/build-tree.mjs'
import { startService } from '../packages/conformance/src/system/processes.ts'
import { startPostgres } from '../tools/postgres-server.ts'
import { startRedis } from '../tools/redis-server.ts'

const LOAD = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'shared', 'bench', 'load.mjs')
const SECONDS = Number(process.env['TABULA_BENCH_SECONDS'] ?? 60)
const PEOPLE = Number(process.env['TABULA_BENCH_PEOPLE'] ?? 1000)

export async function measure() {
  if (!existsSync(LOAD)) throw new Error(`There is no load generator at ${LOAD}.`)
  const tree = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis({ appendonly: 'yes' })])
  const running = []
  try {
    await buildTree(tree, { linkModules: true })
    const environment = {
      DEMO: '1',
      SECRET_KEY: 'a key of more than thirty-two bytes for the bench',
      DATABASE_URL: postgres.url,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      RATE_SENDER: '0',
      RATE_ADDRESS: '0',
      LOG_LEVEL: 'WARNING',
    }
    const start = async (role, more = {}) => {
      const service = await startService(tree, role, { ...environment, ...more })
      running.push(service)
      return service
    }
    const actions = await start('actions')
    const more = { ACTION_ENDPOINT: `${actions.url}/webhook` }
    const inference = await start('inference', more)
    const webhook = '/webhooks/rest/webhook'
    const api = await start('api', { INFERENCE_ENDPOINT: `${inference.url}${webhook}` })
    const direct = (people, seconds) => load(inference.url, webhook, people, seconds)
    const through = (people, seconds) => load(api.url, '/conversations/webhook', people, seconds)
    await through(20, 3)
    const before = await redisUse(redis.port)
    const [few, fewDirect] = [await through(4, 10), await direct(4, 10)]
    const cpuBefore = [cpuOf(api.child.pid), cpuOf(inference.child.pid)]
    const many = await through(PEOPLE, SECONDS)
    const cpu = [cpuOf(api.child.pid), cpuOf(inference.child.pid)].map((now, index) => now - cpuBefore[index])
    const after = await redisUse(redis.port)
    const manyDirect = await direct(PEOPLE, Math.min(SECONDS, 20))
    const conversations = few.senders + fewDirect.senders + many.senders
    return {
      settings: {
        people: PEOPLE,
        seconds: SECONDS,
        appendfsync: 'everysec',
        inferenceProcesses: 1,
        rates: 'off',
      },
      cpuMillisecondsAMessage: {
        api: round(cpu[0] / many.messages),
        inference: round(cpu[1] / many.messages),
      },
      apiCost: { millisecondsAtTheMedian: round(few.p50 - fewDirect.p50), through: few, direct: fewDirect },
      thousandPeople: { through: many, direct: manyDirect },
      redis: {
        bytesAConversation: Math.round((after.memory - before.memory) / conversations),
        messagesAConversation: round((few.messages + fewDirect.messages + many.messages) / conversations),
        connections: after.connections,
      },
      residentMiB: { api: residentOf(api.child.pid), inference: residentOf(inference.child.pid) },
    }
  } finally {
    await Promise.all(running.map(service => service.kill('SIGTERM')))
    await postgres.stop()
    await redis.stop()
    rmSync(tree, { recursive: true, force: true })
  }
}

async function load(url, path, people, seconds) {
  const args = [LOAD, '--url', url, '--path', path, '--people', String(people), '--seconds', String(seconds)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', data => (text += String(data)))
  await new Promise(resolve => child.once('close', resolve))
  return JSON.parse(text)
}

/** used_memory and connected_clients of INFO. */
async function redisUse(port) {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', data => (text += String(data)))
  socket.write('INFO\r\nQUIT\r\n')
  await new Promise(resolve => socket.once('close', resolve))
  const number = name => Number(new RegExp(`${name}:(\\d+)`).exec(text)?.[1] ?? 0)
  return { memory: number('used_memory'), connections: number('connected_clients') }
}

/** Milliseconds of processor time that the process has used (Linux counts in hundredths of a second). */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function residentOf(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Math.round(Number(stdout) / 1024)
}

function round(value) {
  return Math.round(value * 100) / 100
}
