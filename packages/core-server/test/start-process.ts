// For tests: starts servers as processes, so that they can be killed as the system would.

import type { ExecutionContext } from 'ava'
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ServerOptions } from '../src/config/server-options.ts'

export interface ServerProcess {
  readonly url: string
  readonly child: ChildProcess
  /** kill -9, and its end. */
  kill(): Promise<void>
}

/** A server that answers; what is left of it ends with the test. */
export async function startProcess(
  t: ExecutionContext,
  options: Omit<ServerOptions, 'model'> & { readonly model: string },
): Promise<ServerProcess> {
  const script = join(import.meta.dirname, 'server-process.ts')
  const settings = { port: 0, interface: '127.0.0.1', enableApi: true, logLevel: 'error', ...options }
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>(resolve =>
    child.once('close', () => {
      resolve()
    }),
  )
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  t.teardown(kill)
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void ended.then(() => {
      reject(new Error('the server ended before it answered'))
    })
  })
  return { url, child, kill }
}
