// For tests: the shop's assistant as `npm start` runs it, trained and started as a process of its own on free ports.

import type { ExecutionContext } from 'ava'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const bot = join(root, 'packages', 'trainer-cli', 'bin', 'bot.mjs')

export const ADMIN = { email: 'admin@test.com', password: '123456' }

export interface Demo {
  /** The public side. */
  readonly url: string
  /** Rasa's API. */
  readonly inference: string
  readonly project: string
  readonly say: (sender: string, message: string) => Promise<readonly { readonly text?: string }[]>
  /** Calls the public API as the admin; null without content. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<unknown>
  /** Runs `bot` in the project and waits for its end. */
  readonly run: (...args: string[]) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts it, which takes a few seconds: the first model is trained. */
export async function startDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-demo-'))
  const project = join(folder, 'bot')
  await cp(join(root, 'example-bot'), project, {
    recursive: true,
    filter: source => !/\/(models|\.tabula|node_modules)(\/|$)/.test(source.slice(root.length)),
  })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const environment = {
    ...process.env,
    ...{ DEMO: '1', API_PORT: '0', INFERENCE_PORT: '0', ACTION_PORT: '0', NO_COLOR: '1' },
    ...{ RATE_SENDER: '0', RATE_ADDRESS: '0', LOG_LEVEL: 'error' },
  }
  const child = spawn(process.execPath, [bot, 'start', project], { env: environment, cwd: folder })
  const ended = new Promise(resolve => child.once('close', resolve))
  let output = ''
  const urls = await new Promise<readonly [string, string]>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += String(data)
      const url = /Public API +(\S+)/.exec(output)?.[1]
      const inference = /HTTP API, webhooks +(\S+)/.exec(output)?.[1]
      if (url !== undefined && inference !== undefined && output.includes('Ctrl-C')) resolve([url, inference])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void ended.then(() => {
      reject(new Error(`The demo has ended: ${output}`))
    })
  })
  const [url, inference] = urls
  let token = ''
  return {
    url,
    inference,
    project,
    async say(sender, message) {
      const answer = await post(`${url}/conversations/webhook`, { sender, message })
      return (await answer.json()) as readonly { readonly text?: string }[]
    },
    async admin(method, path, body) {
      if (token === '')
        token = ((await (await post(`${url}/auth/login`, ADMIN)).json()) as { token: string }).token
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return answer.status === 204 ? null : ((await answer.json()) as unknown)
    },
    async run(...args) {
      const command = spawn(process.execPath, [bot, ...args], {
        env: environment,
        cwd: project,
        stdio: 'ignore',
      })
      const code = await new Promise(resolve => command.once('close', resolve))
      if (code !== 0) throw new Error(`bot ${args.join(' ')} ended with ${String(code)}`)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Asks again until it is as it should be; the index of conversations is a moment behind. */
export async function until(t: ExecutionContext, ask: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await ask()) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  t.fail(`it never came: ${what}`)
}

async function post(address: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
}
