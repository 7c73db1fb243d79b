// Row 35: more messages than a server can take. Run by `npm run faults`.

import { Agent, request } from 'node:http'
import test from 'ava'
import { messageOf, readPart } from '../order/chain.ts'
import type { Operation } from '../order/history.ts'
import { rss } from './memory.ts'
import { canStage, openStage, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

interface Answered {
  readonly status: number
  readonly retryAfter: number
  readonly took: number
}

/** Says it once, under the id of its number. */
async function post(stage: Stage, sender: string, number: number): Promise<Answered> {
  const started = performance.now()
  const answer = await fetch(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sender, message: messageOf(number), message_id: `${sender}-${number}` }),
  })
  await answer.arrayBuffer()
  const retryAfter = Number(answer.headers.get('retry-after') ?? 0)
  return { status: answer.status, retryAfter, took: performance.now() - started }
}

row(
  'fault row 35: 500 messages at once to one sender: what is taken is answered, the rest is told when to come',
  async t => {
    const stage = await openStage(t, { servers: 1 })
    const before = rss(stage)
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => post(stage, 'ann', index + 1)),
    )
    const taken = answers.filter(({ status }) => status === 200).length
    const refused = answers.filter(({ status }) => status === 429 || status === 503)
    t.log(`${taken} taken, ${refused.length} refused`)
    t.is(taken + refused.length, 500)
    t.true(taken >= 50, 'as many as may wait')
    t.true(refused.every(({ retryAfter }) => retryAfter >= 1 && retryAfter <= 30))
    const { events } = await stage.read('ann')
    t.is(events.filter(({ event }) => event === 'user').length, taken)
    t.true((await post(stage, 'ann', 501)).took < 5_000)
    t.true(rss(stage) < before + 80)
  },
)

/** Milliseconds of the load. */
const LOAD = 60_000
/** Conversations at a time, and messages of each: then a new one takes its place. */
const LANES = 100
const TALK = 3
/** Megabytes of heap, as in a small container; and of the process at most, which has buffers, sockets and the program beside it. */
const HEAP = 384
const MOST = HEAP + 130
/** Messages a second of a machine that has nothing else to do. */
const FAST = 400

row(
  'fault row 35: twice the load for a minute: what is taken is answered in order, the rest is told when to come, memory stays, and then it is over',
  async t => {
    t.timeout(300_000)
    const everysec = { appendonly: 'yes', appendfsync: 'everysec' }
    const stage = await openStage(t, { servers: 1, redis: everysec, heap: HEAP })
    const agent = new Agent({ keepAlive: true })
    t.teardown(() => {
      agent.destroy()
    })
    const retries: number[] = []
    const say = async (place: number): Promise<void> => {
      const [lane, turn] = [place % LANES, Math.floor(place / LANES)]
      const sender = `crowd-${Math.floor(turn / TALK)}-${lane}`
      const { status, retryAfter } = await sayLightly(stage, agent, sender, (turn % TALK) + 1)
      if (status === 429 || status === 503) retries.push(retryAfter)
    }
    let place = 0
    const capacity = await capacityOf(() => say(place++))
    place = Math.ceil(place / (LANES * TALK)) * LANES * TALK

    const memory: number[] = []
    const watch = setInterval(() => memory.push(Math.round(rss(stage))), 1_000)
    t.teardown(() => {
      clearInterval(watch)
    })
    retries.length = 0
    const under = new Set<Promise<unknown>>()
    const [start, first] = [performance.now(), place]
    for (let now = start; now < start + LOAD; now = performance.now()) {
      const due = first + Math.floor(((now - start) / 1_000) * capacity * 2)
      for (; place < due; place += 1) {
        const said = say(place).finally(() => under.delete(said))
        under.add(said)
      }
      await sleep(5)
    }
    const over = performance.now()
    const probe = await stage.say('after', 1)
    const probed = performance.now() - over
    await Promise.all(under)
    const drained = performance.now() - over
    clearInterval(watch)

    const said = stage.history.operations.filter(({ sent }) => sent >= start)
    const taken = said.filter(({ outcome }) => outcome === 'ok')
    const rate = taken.length / ((LOAD + drained) / 1_000)
    t.log(
      `${Math.round(capacity)} messages a second at most; of ${said.length} at twice that ${taken.length} taken (${Math.round(rate)} a second), ${retries.length} refused`,
      `a new message is answered ${Math.round(probed)} ms after the end, the last of the load ${Math.round(drained)} ms`,
      `MB of memory, second by second: ${memory.join(' ')}`,
    )
    t.is(probe.outcome, 'ok')
    // Who comes next waits for those who were taken, a thousand at most. Where two cores have other work beside, also for what
    // could not even be refused in time: such a run says nothing of it.
    t.true(capacity < FAST || probed < 5_000, `${Math.round(probed)} ms`)
    t.true(retries.length > 0, 'else it was no load')
    t.true(retries.every(seconds => seconds >= 1 && seconds <= 30))
    t.true(taken.length > (capacity * LOAD) / 1_000 / 4, 'refusing is cheap: most time is left for answers')
    const third = Math.floor(memory.length / 3)
    const [middle, end] = [memory.slice(third, 2 * third), memory.slice(2 * third)].map(part =>
      Math.max(...part),
    )
    t.true((end ?? Infinity) < (middle ?? 0) * 1.1, `${middle} became ${end} MB`)
    t.true(Math.max(...memory) < MOST)
    await stage.holds(t)
  },
)

/** Says it once and writes down what came of it: thousands of them under way cost the test little. */
function sayLightly(stage: Stage, agent: Agent, sender: string, number: number): Promise<Answered> {
  const sent = performance.now()
  const operation: Operation = {
    ...{ sender, number, sent, way: 'rest', outcome: 'unknown' },
    ...{ ended: Infinity, retries: 0 },
  }
  stage.history.operations.push(operation)
  const body = JSON.stringify({ sender, message: messageOf(number), message_id: `${sender}-${number}` })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const asked = request(`${stage.servers[0]?.url ?? ''}/webhooks/rest/webhook`, {
      ...{ agent, headers, method: 'POST' },
    })
    asked.on('error', reject).on('response', answer => {
      const chunks: Buffer[] = []
      answer
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const { statusCode: status = 0, headers: told } = answer
          operation.ended = performance.now()
          operation.outcome = status === 200 ? 'ok' : 'fail'
          const parts = JSON.parse(Buffer.concat(chunks).toString()) as { text?: unknown }[]
          for (const { text } of status === 200 ? parts : []) {
            const part = readPart(text)
            if (part !== null) stage.history.replies.push({ sender, ...part, at: operation.ended })
          }
          resolve({ status, retryAfter: Number(told['retry-after'] ?? 0), took: operation.ended - sent })
        })
    })
    asked.end(body)
  })
}

/** Messages a second, from as many at a time as there are conversations; the first seconds warm it up. */
async function capacityOf(say: () => Promise<unknown>): Promise<number> {
  let [count, isOver] = [0, false]
  const lanes = Array.from({ length: LANES }, async () => {
    while (!isOver) {
      await say()
      count += 1
    }
  })
  await sleep(8_000)
  const [before, since] = [count, performance.now()]
  await sleep(8_000)
  const rate = ((count - before) / (performance.now() - since)) * 1_000
  isOver = true
  await Promise.all(lanes)
  return rate
}
