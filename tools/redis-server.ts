// For tests and benches: a Redis of their own on a free port of loopback, which they may stop, kill and start again.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findService } from './services.mjs'

export interface RedisServer {
  readonly port: number
  readonly folder: string
  readonly pid: number
  /** Sends a signal; with SIGKILL it resolves when the process is gone. */
  signal(name: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Whether this machine has Redis; a CI run must have it. */
export function hasRedis(): boolean {
  return findService('Redis') !== null
}

/** A running server; `options` are lines of redis.conf, for example `appendonly: 'yes'`. */
export async function startRedis(options: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const program = findService('Redis')
  if (program === null) throw new Error('There is no redis-server here.')
  const folder = await mkdtemp(join(tmpdir(), 'tabula-redis-'))
  const port = await freePort()
  const settings = { save: '', appendonly: 'no', bind: '127.0.0.1', ...options }
  const args = Object.entries({ port: String(port), dir: folder, ...settings }).flatMap(([name, value]) => [
    `--${name}`,
    // One option may take several words.
    ...(value === '' ? [''] : value.split(' ')),
  ])
  const launch = (): ChildProcess => spawn(program, args, { stdio: 'ignore' })
  let child = launch()
  await answers(port)
  return {
    port,
    folder,
    get pid() {
      return child.pid ?? 0
    },
    async signal(name) {
      const gone = once(child, 'exit')
      child.kill(name)
      if (name === 'SIGKILL' || name === 'SIGTERM') await gone
    },
    async restart() {
      child = launch()
      await answers(port)
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Resolves when the port takes connections; throws after so many milliseconds. */
export async function answers(port: number, patience = 10_000): Promise<void> {
  const until = Date.now() + patience
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>(resolve => {
      socket.once('connect', () => {
        resolve(true)
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    socket.destroy()
    if (isOpen) return
    if (Date.now() > until) throw new Error(`Nothing answers at port ${port}.`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
