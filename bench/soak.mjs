// Ten minutes that show what grows: one to warm up, seven at 60 % of what the servers take (20 new senders a second, sockets
// that come and go, a model swap each minute, one of two servers killed each 90 seconds), one at 150 %, one idle. The order
// checker judges all of it; what the server that lives all through holds is looked at after 2, 5, 8 and 10 minutes.
// SOAK_SECONDS shortens it, every part alike; SOAK_SEED replays its chance.

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChainActions } from '../packages/conformance/src/order/action-server.ts'
import { trainChainBot } from '../packages/conformance/src/order/chain.ts'
import { checkRun } from '../packages/conformance/src/order/check.ts'
import { httpSay, sayOnce, socketSay } from '../packages/conformance/src/order/clients.ts'
import { newHistory } from '../packages/conformance/src/order/history.ts'
import { seeded } from '../packages/conformance/src/order/random.ts'
import { readConversation } from '../packages/conformance/src/order/run-order.ts'
import { startServer } from '../packages/conformance/src/order/servers.ts'
import { redisCli } from '../tools/redis-group.ts'
import { freePort, startRedis } from '../tools/redis-server.ts'

const here = dirname(fileURLToPath(import.meta.url))
const seconds = Number(process.env.SOAK_SECONDS ?? 600)
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 100_000)
/** A minute of the plan, in milliseconds. */
const MINUTE = (seconds * 1000) / 10
/** Senders who talk at a time; each second so many of them go and others come. */
const TALKING = 200
const NEW_A_SECOND = 20
const SOCKETS_A_SECOND = 5
const PATIENCE = 60_000
/** The server's end of a connection that nobody uses closes after so long (TABULA_LIMIT_KEEP_ALIVE_TIMEOUT). */
const KEEP_ALIVE = 65_000

const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, Math.max(0, milliseconds)))
const round = value => Math.round(value * 100) / 100

/** `{capacity, messages, looks, rules, violations}`; its exit status is 1 where a rule or a promise is broken. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-soak-'))
  const closers = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const soak = await open(folder, closers)
    return await run(soak)
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

async function open(folder, closers) {
  const history = newHistory()
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' })
  closers.push(() => redis.stop())
  const actions = await startChainActions(history)
  closers.push(() => actions.close())
  const model = await trainChainBot(folder)
  const other = join(dirname(model), 'other.tar.gz')
  copyFileSync(model, other)
  process.env.SOAK_PROBE = join(folder, 'probe')
  const store = { type: 'redis', url: '127.0.0.1', port: redis.port }
  const settings = {
    model,
    endpoints: { action_endpoint: { url: actions.url }, tracker_store: store, lock_store: store },
    credentials: { rest: {}, socketio: { session_persistence: true } },
  }
  const probe = join(here, 'reference', 'soak-probe.mjs')
  const servers = []
  closers.push(() => Promise.all(servers.map(server => server.kill())))
  for (let index = 0; index < 2; index += 1) {
    servers.push(await startServer(settings, await freePort(), probe))
  }
  return { folder, history, redis, models: [model, other], servers, random: seeded(seed) }
}

async function run(soak) {
  const { history, servers } = soak
  const crowd = new Crowd(soak)
  await crowd.sayOne()
  const start = performance.now()
  const until = minute => start + minute * MINUTE
  const looks = { 0: await look(soak) }
  const capacity = await crowd.capacity(until(1))
  const churn = [
    every(MINUTE, until(1), until(8), count => swap(soak, count)),
    every(1.5 * MINUTE, until(1), until(8) - 5_000, () => killOne(soak)),
    every(1_000 / SOCKETS_A_SECOND, until(1), until(8), () => crowd.visit()),
  ]
  const steady = crowd.talk(0.6 * capacity, until(8), 'say')
  for (const minute of [2, 5, 8]) {
    await sleep(until(minute) - performance.now())
    looks[minute] = await look(soak)
  }
  await Promise.all([...churn, steady])
  const late = performance.now() - until(8)
  await crowd.talk(1.5 * capacity, performance.now() + MINUTE, 'sayOrNot')
  await sleep(Math.max(MINUTE, KEEP_ALIVE + 10_000))
  looks[10] = await look(soak)
  const conversations = []
  for (const sender of crowd.senders) conversations.push(await readConversation(sender, servers[0].url))
  const violations = checkRun(history, conversations)
  const rules = judge(looks, violations)
  if (Object.values(rules).some(({ holds }) => !holds)) process.exitCode = 1
  const count = outcome => history.operations.filter(operation => operation.outcome === outcome).length
  return {
    seconds,
    seed,
    bot: 'order checker: one action with a hash chain, one without effect; two servers, one Redis, all on this machine',
    capacity: round(capacity),
    messages: history.operations.length,
    senders: crowd.senders.size,
    taken: count('ok'),
    refused: count('fail'),
    lateAfterSteadyMs: Math.round(late),
    faults: Object.fromEntries(
      Object.entries(Object.groupBy(history.faults, ({ kind }) => kind)).map(([kind, all]) => [
        kind,
        all.length,
      ]),
    ),
    codes: Object.fromEntries(servers[0].codes),
    looks,
    rules,
    violations: violations.slice(0, 20),
  }
}

/** Those who talk. */
class Crowd {
  #soak
  #numbers = new Map()
  #first = 0
  constructor(soak) {
    this.#soak = soak
  }

  get senders() {
    return new Set(this.#soak.history.operations.map(({ sender }) => sender))
  }

  sayOne() {
    return this.#say('first', 'say')
  }

  /** Messages a second that people who wait for their answers get through until then. */
  async capacity(end) {
    const start = performance.now()
    let count = 0
    const people = Array.from({ length: 50 }, async (_, person) => {
      for (; performance.now() < end; count += 1) await this.#say(`warm-${person}`, 'say')
    })
    await Promise.all(people)
    return (count / (performance.now() - start)) * 1000
  }

  /** Says so many a second by the clock until then, whether answers come or not; resolves when all have. */
  async talk(rate, end, way) {
    const start = performance.now()
    const said = new Set()
    for (let count = 0; performance.now() < end; await sleep(10)) {
      const passed = (performance.now() - start) / 1000
      for (; count < passed * rate; count += 1) {
        const person = this.#first + Math.floor(passed * NEW_A_SECOND) + (count % TALKING)
        const saying = this.#say(`p${person}`, way).finally(() => said.delete(saying))
        said.add(saying)
      }
    }
    this.#first += Math.ceil(((performance.now() - start) / 1000) * NEW_A_SECOND) + TALKING
    await Promise.all(said)
  }

  /** Somebody new opens a socket, says something, and goes. */
  async visit() {
    const { history } = this.#soak
    const sender = `visitor-${this.#first}-${this.#next('visitors')}`
    const speaker = await socketSay(sender, this.#parts())
    await sayOnce({ sender, way: 'socketio', number: 1 }, speaker.say, { history, patience: PATIENCE })
    speaker.close()
  }

  async #say(sender, way) {
    const { history } = this.#soak
    const speaker = httpSay(sender, 'rest', this.#parts())
    const said = { sender, way: 'rest', number: this.#next(sender) }
    await sayOnce(said, speaker[way], { history, patience: PATIENCE })
  }

  #next(name) {
    const number = (this.#numbers.get(name) ?? 0) + 1
    this.#numbers.set(name, number)
    return number
  }

  #parts() {
    const { history, servers, random } = this.#soak
    return { history, random, urls: servers.map(({ url }) => url) }
  }
}

/** Does it each so many milliseconds from then to then; resolves when all of them are done. */
async function every(period, from, to, work) {
  const doing = []
  for (let count = 1; from + count * period < to; count += 1) {
    await sleep(from + count * period - performance.now())
    doing.push(work(count))
  }
  await Promise.all(doing)
}

async function swap({ history, models, servers }, count) {
  history.faults.push({ kind: 'swap the model', at: performance.now() })
  const answer = await fetch(`${servers[0].url}/model`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model_file: models[count % 2] }),
  })
  if (answer.status !== 204)
    throw new Error(`The model was not swapped: ${answer.status} ${await answer.text()}`)
}

async function killOne({ history, servers }) {
  history.faults.push({ kind: 'kill a server', at: performance.now() })
  await servers[1].kill()
  await servers[1].start()
}

/** What the server that lives all through, and Redis, hold now. */
async function look({ folder, redis, servers, history }) {
  const [{ pid }] = servers
  const file = join(folder, `probe.${pid}`)
  const lines = () => {
    try {
      return readFileSync(file, 'utf8').trim().split('\n')
    } catch {
      return []
    }
  }
  const before = lines().length
  servers[0].signal('SIGUSR2')
  while (lines().length === before) await sleep(20)
  const { heap, external, ...rest } = JSON.parse(lines().at(-1))
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const memory = /used_memory:(\d+)/.exec(redisCli(redis.port, 'INFO', 'memory'))
  const messages = history.operations.length
  return {
    heapMB: round(heap / 1e6),
    externalMB: round(external / 1e6),
    rssMB: round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    ...rest,
    messages,
    redisBytesAMessage: Math.round(Number(memory[1]) / messages),
  }
}

/** What may grow, and whether it did. */
function judge(looks, violations) {
  const minutes = (8 * MINUTE - 2 * MINUTE) / 60_000
  const slope = (looks[8].heapMB - looks[2].heapMB) / minutes
  const rule = (value, most) => ({ value: round(value), most: round(most), holds: value <= most })
  return {
    heapSlopeMBAMinute: rule(slope, 1),
    rssAtEndMB: rule(looks[10].rssMB, looks[2].rssMB * 1.1),
    descriptorsAtEnd: rule(looks[10].descriptors, looks[0].descriptors + 5),
    timersAtEnd: rule(looks[10].timers, looks[0].timers + 2),
    socketsAtEnd: rule(looks[10].sockets, looks[0].sockets + 2),
    redisBytesAMessageAt8: rule(looks[8].redisBytesAMessage, looks[2].redisBytesAMessage * 1.1),
    loopLagP99Ms: rule(Math.max(looks[5].lagP99, looks[8].lagP99), 50),
    violations: rule(violations.length, 0),
  }
}
