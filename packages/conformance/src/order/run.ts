// `node packages/conformance/src/order/run.ts SECONDS SEED STORE`: one run, its result as JSON; status 1 for a violation.

import { runOrder } from './run-order.ts'

const [seconds = '60', seed = String(Date.now() % 100_000), store = 'redis'] = process.argv.slice(2)
const result = await runOrder({
  seconds: Number(seconds),
  seed: Number(seed),
  store: store === 'postgres' ? 'postgres' : 'redis',
  senders: 40,
})
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
process.exitCode = result.violations.length > 0 ? 1 : 0
