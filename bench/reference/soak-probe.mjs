// Loaded into each server of the soak first: on SIGUSR2 it collects garbage and appends what the process holds to the file
// that SOAK_PROBE names, with its pid behind it.

import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const file = `${process.env.SOAK_PROBE}.${process.pid}`
setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')
const lag = monitorEventLoopDelay({ resolution: 5 })
lag.enable()

process.on('SIGUSR2', () => {
  // Before the garbage is collected, which stands still itself.
  const lagP99 = Math.round(lag.percentile(99) / 1e4) / 100
  gc()
  const { heapUsed, external } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  const count = kind => resources.filter(name => name === kind).length
  const held = { heap: heapUsed, external, lagP99, timers: count('Timeout'), sockets: count('TCPSocketWrap') }
  appendFileSync(file, `${JSON.stringify(held)}\n`)
  lag.reset()
})
