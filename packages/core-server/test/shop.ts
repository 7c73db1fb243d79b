// For tests: the whole public side over a bot that echoes, in memory, with an admin who is logged in.

import type { ExecutionContext } from 'ava'
import { compose } from '../src/compose.ts'
import { demoSettings } from '../src/config/shop-settings.ts'
import type { ShopSettings } from '../src/config/shop-settings.ts'
import { echoEngine, echoModel } from './echo-engine.ts'
import { caller, recordingLog } from './serve.ts'
import type { Answer, Call } from './serve.ts'

/** A hash for tests: what it costs is not what they are about. */
const QUICK = { N: 2 ** 10, r: 8, p: 1 }

export const ADMIN = { email: 'admin@test.com', password: '123456' }

export interface TestShop {
  readonly url: string
  readonly call: Call
  /** As the role's user, made where it is new. */
  readonly as: (role: 'admin' | 'reviewer' | 'viewer') => Promise<Call>
  readonly say: (sender: string, message: string) => Promise<Answer>
}

export async function startShop(
  t: ExecutionContext,
  settings: Partial<ShopSettings> = {},
  staticDir?: string,
  endpoints: Readonly<Record<string, unknown>> = {},
): Promise<TestShop> {
  const server = await compose(
    {
      model: echoModel(),
      endpoints,
      port: 0,
      interface: '127.0.0.1',
      shop: {
        port: 0,
        settings: { ...demoSettings(), hashCost: QUICK, ...settings },
        ...(staticDir === undefined ? {} : { staticDir }),
      },
    },
    { engine: echoEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  const url = server.urls.shop ?? ''
  const call = caller(url)
  const calls = new Map<string, Call>()
  const as = async (role: 'admin' | 'reviewer' | 'viewer'): Promise<Call> => {
    const known = calls.get(role)
    if (known !== undefined) return known
    const account =
      role === 'admin' ? ADMIN : { email: `${role}@test.com`, password: `the ${role}'s password` }
    if (role !== 'admin') await (await as('admin'))('POST', '/users', { ...account, role })
    const made = withToken(call, await logIn(call, account))
    calls.set(role, made)
    return made
  }
  return {
    url,
    call,
    as,
    say: (sender, message) => call('POST', '/conversations/webhook', { sender, message }),
  }
}

export async function logIn(
  call: Call,
  account: { readonly email: string; readonly password: string },
): Promise<string> {
  const { status, body, text } = await call('POST', '/auth/login', account)
  if (status !== 200) throw new Error(`The login answered ${status}: ${text}`)
  return (body as { readonly token: string }).token
}

export function withToken(call: Call, token: string): Call {
  return (method, path, body) =>
    call(method, path, body, { 'content-type': 'application/json', authorization: `Bearer ${token}` })
}

/** Asks again until the answer is as it should be; the index is a moment behind. */
export async function eventually<Result>(
  ask: () => Promise<Result>,
  isDone: (result: Result) => boolean,
): Promise<Result> {
  const end = Date.now() + 10_000
  for (;;) {
    const result = await ask()
    if (isDone(result) || Date.now() > end) return result
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
