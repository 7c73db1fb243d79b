// The order checker at length: three servers, 40 senders, faults by a seed, over Redis and over PostgreSQL. Ten minutes each
// where ORDER_SECONDS says nothing else; ORDER_SEED replays a run, ORDER_STORES=redis leaves PostgreSQL out.

import { runOrder } from '../packages/conformance/src/order/run-order.ts'

/** `{runs: [{seed, store, messages, taken, faults, codes, violations}]}`; throws where a promise was broken. */
export async function measure() {
  const seconds = Number(process.env.ORDER_SECONDS ?? 600)
  const stores = (process.env.ORDER_STORES ?? 'redis,postgres').split(',')
  const seed = Number(process.env.ORDER_SEED ?? Date.now() % 100_000)
  const runs = []
  for (const store of stores)
    runs.push({ seconds, ...(await runOrder({ seconds, seed, store, senders: 40 })) })
  const broken = runs.flatMap(({ violations }) => violations)
  if (broken.length > 0)
    throw new Error(`seed ${seed}: ${broken.length} violations; first: ${JSON.stringify(broken[0])}`)
  return { runs }
}
