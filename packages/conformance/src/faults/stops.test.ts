// Rows 11 and 13: servers that are asked to stop under load, behind a balancer that asks who is ready.

import test from 'ava'
import { canStage, openStage, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

/** Sends to servers that say that they are ready; counts what fails. */
function balance(stage: Stage, senders: readonly string[]) {
  const { servers } = stage
  const ready = new Set(servers.keys())
  const failures: string[] = []
  let isOver = false
  let sent = 0
  const watch = servers.map(async (server, index) => {
    while (!isOver) {
      const isReady = await fetch(`${server.url}/readyz`).then(
        async answer => {
          await answer.arrayBuffer()
          return answer.status === 200
        },
        () => false,
      )
      if (isReady) ready.add(index)
      else ready.delete(index)
      await sleep(40)
    }
  })
  const talks = senders.map(async (sender, turn) => {
    for (let number = 1; !isOver; number += 1) {
      const up = [...ready]
      const at = up[(number + turn) % up.length] ?? 0
      sent += 1
      const { outcome, retries } = await stage.say(sender, number, { at: [at] })
      if (outcome !== 'ok' || retries > 0)
        failures.push(`${sender} ${number} at ${at}: ${outcome}, ${retries} retries`)
      await sleep(20)
    }
  })
  return {
    failures,
    count: () => sent,
    async end() {
      isOver = true
      await Promise.all([...watch, ...talks])
    },
  }
}

const SENDERS = Array.from({ length: 12 }, (_, index) => `s${index}`)

row('fault row 11: asked to stop under load: no request fails, and it ends by itself', async t => {
  const stage = await openStage(t, { notice: 400 })
  stage.actions.delay = (action, number) => (action === 'action_chain' && number % 4 === 0 ? 300 : 0)
  const load = balance(stage, SENDERS)
  await sleep(1_500)
  const started = performance.now()
  t.is(await stage.servers[0]?.stop(), 0)
  const took = performance.now() - started
  await sleep(500)
  await load.end()
  t.log(`ended after ${Math.round(took)} ms; ${load.count()} requests`)
  t.true(took < 30_000)
  t.deepEqual(load.failures, [])
  await stage.holds(t, 1)
})

row('fault row 13: five rolling restarts: nothing is lost, no request fails', async t => {
  const stage = await openStage(t, { notice: 400 })
  const load = balance(stage, SENDERS)
  for (let round = 0; round < 5; round += 1) {
    await sleep(400)
    const server = stage.servers[round % 2]
    t.is(await server?.stop(), 0)
    await server?.start()
    await sleep(200)
  }
  await load.end()
  t.log(`${load.count()} requests`)
  t.deepEqual(load.failures, [])
  await stage.holds(t)
})
