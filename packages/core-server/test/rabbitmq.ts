// For tests: a RabbitMQ of their own on free ports, which can be taken away and come back with what it had.

import type { ExecutionContext } from 'ava'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findService } from '../../../tools/services.mjs'
import { answers, freePort } from './ports.ts'
import { temporaryFolder } from './tiny-models.ts'

export const rabbitProgram = findService('RabbitMQ')

export interface Rabbit {
  readonly port: number
  start(): Promise<void>
  stop(): Promise<void>
}

/** Started; ends with the test. */
export async function startRabbit(t: ExecutionContext): Promise<Rabbit> {
  const folder = await temporaryFolder(t)
  const [port, distribution, epmd] = [await freePort(), await freePort(), await freePort()]
  const home = join(folder, 'home')
  await mkdir(home)
  await writeFile(join(folder, 'plugins'), '[].')
  const environment = {
    ...process.env,
    HOME: home,
    RABBITMQ_NODENAME: `tabula${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmd),
  }
  let child: ChildProcess | null = null
  const rabbit: Rabbit = {
    port,
    async start() {
      child = spawn(rabbitProgram ?? '', [], { env: environment, stdio: 'ignore' })
      await answers(port, 60_000)
    },
    async stop() {
      const running = child
      child = null
      if (running?.exitCode !== null) return
      const ended = new Promise(resolve => running.once('close', resolve))
      running.kill('SIGTERM')
      await ended
    },
  }
  t.teardown(async () => {
    await rabbit.stop()
    spawnSync('epmd', ['-port', String(epmd), '-kill'], { stdio: 'ignore' })
  })
  await rabbit.start()
  return rabbit
}
