// The servers of a run as processes, which can be killed, stopped and started again on their ports.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ServerOptions } from '@tabula/core-server'

export interface RunningProcess {
  readonly url: string
  /** Of the process that runs now. */
  readonly pid: number
  /** Codes of its log entries, counted: over all lives of the process. */
  readonly codes: Map<string, number>
  isUp(): boolean
  signal(name: NodeJS.Signals): void
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with its exit status. */
  stop(): Promise<number | null>
  start(): Promise<void>
}

/** How often a server is started that ends before it answers. */
const STARTS = 5

export type ProcessOptions = Omit<ServerOptions, 'model'> & {
  readonly model: string
  /** Megabytes of its heap at most, as in a small container: what is beyond ends the process. */
  readonly heap?: number
}

/**
 * A server that answers. `preload` is a module that is loaded before it; for `notice` milliseconds after SIGTERM it says that
 * it is not ready, and goes on.
 */
export async function startServer(
  { heap, ...options }: ProcessOptions,
  port: number,
  preload?: string,
  notice = 0,
): Promise<RunningProcess> {
  const script = join(import.meta.dirname, 'server-process.ts')
  const settings = { interface: '127.0.0.1', enableApi: true, logLevel: 'warn', ...options, port }
  const args = [
    ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`]),
    ...(preload === undefined ? [] : ['--import', preload]),
    script,
    JSON.stringify(settings),
    String(notice),
  ]
  const codes = new Map<string, number>()
  let child: ChildProcess | null = null
  const launch = async (): Promise<void> => {
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    createInterface({ input: started.stderr }).on('line', line => {
      const code = /"code":"([^"]+)"/.exec(line)?.[1]
      if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + 1)
      if (process.env['ORDER_LOG'] === '1') process.stderr.write(`${port} ${line}\n`)
    })
    await Promise.race([
      once(createInterface({ input: started.stdout }), 'line'),
      once(started, 'exit').then(() => {
        throw new Error('A server ended before it answered.')
      }),
    ])
  }
  const alive = (): ChildProcess | null =>
    child !== null && child.exitCode === null && child.signalCode === null ? child : null
  const end = async (name: NodeJS.Signals): Promise<number | null> => {
    const running = alive()
    if (running === null) return child?.exitCode ?? null
    const gone = once(running, 'exit')
    running.kill(name)
    await gone
    return running.exitCode
  }
  const start = async (): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        await launch()
        return
      } catch (error) {
        // Somebody's outgoing connection may have the port while no server is on it.
        if (tries === STARTS) throw error
        await new Promise(resolve => setTimeout(resolve, 500))
      }
    }
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child?.pid ?? 0
    },
    codes,
    isUp: () => alive() !== null,
    signal(name) {
      alive()?.kill(name)
    },
    async kill() {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    start,
  }
}
