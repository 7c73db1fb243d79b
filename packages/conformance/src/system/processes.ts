// Starts the services of docker/compose.full.yml as processes, from the file tree of the image, over a PostgreSQL and a
// Redis of their own.

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../../../../tools/redis-server.ts'

export interface Service {
  readonly url: string
  readonly child: ChildProcess
  /** What it has written so far. */
  output(): string
  kill(signal: NodeJS.Signals): Promise<void>
}

/** A role as a process; resolves when its health address answers. */
export async function startService(
  tree: string,
  role: 'api' | 'inference' | 'actions',
  environment: Readonly<Record<string, string>>,
): Promise<Service> {
  const port = await freePort()
  const names = { api: 'API_PORT', inference: 'INFERENCE_PORT', actions: 'ACTION_PORT' }
  const child = runBot(tree, ['start', join(tree, 'example-bot')], {
    ...environment,
    TABULA_ROLE: role,
    LISTEN_ADDRESS: '127.0.0.1',
    [names[role]]: String(port),
  })
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const url = `http://127.0.0.1:${port}`
  const path = { api: '/livez', inference: '/readyz', actions: '/health' }[role]
  await untilAnswers(`${url}${path}`, child, () => output)
  return {
    url,
    child,
    output: () => output,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}

export function runBot(
  tree: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const bot = join(tree, 'packages', 'trainer-cli', 'bin', 'bot.mjs')
  return spawn(process.execPath, [bot, ...args], {
    cwd: tree,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs a command to its end. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  await once(child, 'close')
  return { status: child.exitCode, output }
}

async function untilAnswers(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const end = Date.now() + 60_000
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok === true) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`${url} did not answer: ${output()}`)
}
