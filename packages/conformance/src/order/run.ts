// `node packages/conformance/src/order/run.ts SECONDS SEED STORE`: one run, its result as JSON; status 1 for a violation.

import { ORDER_STORES, runOrder } from './run-order.ts'

const [seconds = '60', seed = String(Date.now() % 100_000), name = 'redis'] = process.argv.slice(2)
const store = ORDER_STORES.find(known => known === name)
if (store === undefined) throw new Error(`STORE is one of ${ORDER_STORES.join(', ')}, not ${name}`)
const result = await runOrder({
  seconds: Number(seconds),
  seed: Number(seed),
  store,
  senders: 40,
})
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
process.exitCode = result.violations.length > 0 ? 1 : 0
