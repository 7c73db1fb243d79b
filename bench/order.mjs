// The order checker at length: three servers, 40 senders, faults by a seed, over Redis and over PostgreSQL. Ten minutes each
// where ORDER_SECONDS says nothing else; ORDER_SEED replays a run, ORDER_STORES=redis leaves PostgreSQL out; mongo is a
// MongoDB at TABULA_TEST_MONGO_URL.

import { runOrder } from '../packages/conformance/src/order/run-order.ts'

/**
 * `{runs: [{seconds, seed, store, messages, taken, faults, codes, broken, violations}]}`, of the violations the first of each
 * rule and sender; its exit status is 1 where a promise was broken.
 */
export async function measure() {
  const seconds = Number(process.env.ORDER_SECONDS ?? 600)
  const stores = (process.env.ORDER_STORES ?? 'redis,postgres').split(',')
  const seed = Number(process.env.ORDER_SEED ?? Date.now() % 100_000)
  const runs = []
  for (const store of stores) {
    const { violations, ...seen } = await runOrder({ seconds, seed, store, senders: 40 })
    const first = Map.groupBy(violations, ({ rule, sender }) => `${rule} ${sender}`)
    const shown = [...first.values()].map(([violation, ...more]) => ({ ...violation, more: more.length }))
    runs.push({ seconds, ...seen, broken: violations.length, violations: shown })
    if (violations.length > 0) process.exitCode = 1
  }
  return { runs }
}
