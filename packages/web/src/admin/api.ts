// Calls the public API as the user who has logged in. The token lasts as long as the tab; where it has ended, the page asks
// for the password in place and the call goes on.

import { readServerEvents } from '../chat/transport/server-events.ts'
import type { LoginAnswer, Role, User } from './types.ts'

const KEY = 'tabula-admin'
const ROLES: readonly Role[] = ['viewer', 'reviewer', 'admin']

/** `status` is HTTP's; 0 where the server was not reached. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  /** Whether it may be well in a moment, without anybody doing anything. */
  get isPassing(): boolean {
    return [0, 429, 502, 503, 504].includes(this.status)
  }
}

export type Values = Readonly<Record<string, string | number | boolean | null | undefined>>

export class Api {
  #session: LoginAnswer | null = readSession()
  #waiting: (() => void)[] = []
  readonly #changed: () => void

  /** `changed` is called when somebody has logged in or out, or must log in again. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get user(): User | null {
    return this.#session?.user ?? null
  }

  /** Whether calls wait for the password. */
  get isExpired(): boolean {
    return this.#waiting.length > 0
  }

  may(role: Role): boolean {
    return this.user !== null && ROLES.indexOf(this.user.role) >= ROLES.indexOf(role)
  }

  async login(email: string, password: string): Promise<void> {
    const answer = await reach('/auth/login', json('POST', { email, password }))
    const body: unknown = await answer.json().catch(() => null)
    if (!answer.ok) throw new ApiError(answer.status, loginProblem(answer))
    this.#session = body as LoginAnswer
    sessionStorage.setItem(KEY, JSON.stringify(this.#session))
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
    this.#changed()
  }

  logout(): void {
    sessionStorage.removeItem(KEY)
    this.#session = null
    this.#waiting = []
    this.#changed()
  }

  async get<Answer>(path: string, query: Values = {}): Promise<Answer> {
    return (await (await this.#fetch(withQuery(path, query), {})).json()) as Answer
  }

  /** The answer, undefined where there is none. */
  async send<Answer>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const answer = await this.#fetch(path, json(method, body))
    return (answer.status === 204 ? undefined : await answer.json()) as Answer
  }

  /** Saves the answer as a file. */
  async download(path: string, query: Values, name: string): Promise<void> {
    const blob = await (await this.#fetch(withQuery(path, query), {})).blob()
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = name
    link.click()
    setTimeout(() => {
      URL.revokeObjectURL(link.href)
    }, 10_000)
  }

  /** Hears what changes until the signal ends it; a stream that breaks is opened again. */
  async listen(
    query: Values,
    hear: (name: string, data: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      try {
        const { body } = await this.#fetch(withQuery('/live', query), { signal })
        if (body !== null) await readServerEvents(body, hear)
      } catch (error) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429)
          return
      }
      await new Promise(resolve => setTimeout(resolve, 3_000))
    }
  }

  async #fetch(path: string, options: RequestInit): Promise<Response> {
    for (;;) {
      const token = this.#session?.token ?? ''
      const headers = {
        ...(options.headers as Record<string, string> | undefined),
        Authorization: `Bearer ${token}`,
      }
      const answer = await reach(path, { ...options, headers })
      if (answer.status === 401) {
        if (token !== (this.#session?.token ?? '')) continue
        await new Promise<void>(resolve => {
          this.#waiting.push(resolve)
          this.#changed()
        })
        continue
      }
      if (answer.ok) return answer
      const body = (await answer.json().catch(() => null)) as { readonly message?: string } | null
      throw new ApiError(answer.status, body?.message ?? `The server answered ${answer.status}.`)
    }
  }
}

async function reach(path: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(path, options)
  } catch (error) {
    if (options.signal?.aborted === true) throw error
    throw new ApiError(0, 'The server cannot be reached just now.')
  }
}

export function withQuery(path: string, query: Values): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' || value === false ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}

export function pathOf(sender: string, rest = ''): string {
  return `/conversations/${encodeURIComponent(sender)}${rest}`
}

function json(method: string, body?: unknown): RequestInit {
  return {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }
}

/** Never says which of the two was wrong. */
function loginProblem(answer: Response): string {
  if (answer.status === 401 || answer.status === 400) return 'Wrong email or password.'
  if (answer.status !== 429) return 'Signing in is not possible just now. Try again in a moment.'
  return `Too many attempts. Try again in ${answer.headers.get('Retry-After') ?? '60'} seconds.`
}

function readSession(): LoginAnswer | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as LoginAnswer | null
    return stored !== null && stored.expires_at * 1_000 > Date.now() ? stored : null
  } catch {
    return null
  }
}
