// How many processes carry how many people: a simulation of queues over the figures that bench/shop.mjs has measured
// (bench/results/shop.json). People think between messages; each message costs an api process and an inference process
// their measured time, and waits where its process is busy. Searched for is the smallest number of processes that keeps
// 99 of 100 answers under the target and every process under the share at which autoscaling acts.
// It is no measurement: what it leaves out (Redis, the network, custom actions) is named in docs/scale.md.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const PEOPLE = [1_000, 10_000, 100_000]
/** Seconds between an answer and the next message of a person. */
const THINK = 15
const TARGET = 100
const BUSIEST = 0.85
/** Milliseconds that two round trips to Redis and two hops take in one zone; waited, not worked. */
const NETWORK = 3
const SECONDS = 60

export async function measure() {
  const shop = JSON.parse(readFileSync(join(import.meta.dirname, 'results', 'shop.json'), 'utf8'))
  const { api, inference } = shop.cpuMillisecondsAMessage
  const { bytesAConversation, messagesAConversation } = shop.redis
  const cost = { api, inference }
  // What one process carries alone says whether the simulation is of this world: measured beside simulated.
  const measured = shop.thousandPeople.through
  const check = simulate({ people: 1_000, think: 0, seconds: 20, cost, processes: { api: 1, inference: 1 } })
  return {
    settings: {
      thinkSeconds: THINK,
      targetP99: TARGET,
      busiest: BUSIEST,
      networkMilliseconds: NETWORK,
      cost,
    },
    reference: {
      what: 'a thousand people without a pause, one process of each role',
      measuredPerSecond: measured.perSecond,
      measuredCores: 2,
      simulatedPerSecond: check.perSecond,
      simulatedCores: 2,
    },
    redisGiBOfAMillionConversations: round((bytesAConversation * 1_000_000) / 2 ** 30, 0),
    messagesAConversation,
    people: PEOPLE.map(people => smallest(people, cost)),
  }
}

function smallest(people, cost) {
  const perSecond = people / THINK
  const least = name => Math.max(1, Math.ceil((perSecond * cost[name]) / 1000 / BUSIEST))
  const processes = { api: least('api'), inference: least('inference') }
  for (;;) {
    const result = simulate({ people, think: THINK, seconds: SECONDS, cost, processes })
    if (result.p99 <= TARGET && result.busiest <= BUSIEST)
      return { people, processes: { ...processes }, ...result }
    processes[result.slowest] += 1
  }
}

/** Each process works off one message after the other; a person is always on the same inference process. */
function simulate({ people, think, seconds, cost, processes }) {
  const random = seeded(7)
  const exponential = mean => -Math.log(1 - random()) * mean
  // Half of the cost is the same for each message, half varies with it.
  const work = mean => mean / 2 + exponential(mean / 2)
  const free = { api: new Float64Array(processes.api), inference: new Float64Array(processes.inference) }
  const used = { api: new Float64Array(processes.api), inference: new Float64Array(processes.inference) }
  const serve = (name, index, at) => {
    const time = work(cost[name])
    const start = Math.max(at, free[name][index])
    free[name][index] = start + time
    used[name][index] += time
    return start + time
  }
  const due = new Heap()
  for (let person = 0; person < people; person += 1)
    due.push(exponential(Math.max(think, 0.01) * 1000), person)
  const end = seconds * 1000
  const times = []
  while (due.size > 0 && due.first < end) {
    const [at, person] = due.pop()
    const arrived = serve('api', Math.floor(random() * processes.api), at)
    const done = serve('inference', person % processes.inference, arrived) + NETWORK
    times.push(done - at)
    due.push(done + exponential(think * 1000), person)
  }
  times.sort((left, right) => left - right)
  const share = name => Math.max(...used[name]) / end
  const slowest = share('api') > share('inference') ? 'api' : 'inference'
  return {
    messages: times.length,
    perSecond: round(times.length / seconds, 0),
    p50: round(times[times.length >> 1], 1),
    p99: round(times[Math.floor(times.length * 0.99)], 1),
    busiest: round(share(slowest), 2),
    slowest,
  }
}

/** Times with what is due at them, the earliest first. */
class Heap {
  #items = []

  get size() {
    return this.#items.length
  }

  get first() {
    return this.#items[0][0]
  }

  push(time, value) {
    const items = this.#items
    let at = items.push([time, value]) - 1
    for (let up = (at - 1) >> 1; at > 0 && items[up][0] > items[at][0]; up = (at - 1) >> 1) {
      ;[items[up], items[at]] = [items[at], items[up]]
      at = up
    }
  }

  pop() {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (items.length > 0) {
      items[0] = last
      for (let at = 0, down = 1; down < items.length; at = down, down = at * 2 + 1) {
        if (items[down + 1]?.[0] < items[down][0]) down += 1
        if (items[at][0] <= items[down][0]) break
        ;[items[at], items[down]] = [items[down], items[at]]
      }
    }
    return top
  }
}

function seeded(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function round(value, digits) {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
