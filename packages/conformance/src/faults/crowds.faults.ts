// Row 35: more messages than a server can take. Run by `npm run faults`.

import test from 'ava'
import { messageOf } from '../order/chain.ts'
import { rss } from './memory.ts'
import { canStage, openStage } from './stage.ts'
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
