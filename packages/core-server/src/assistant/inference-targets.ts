// Finds the processes behind the addresses of INFERENCE_ENDPOINT: a name that stands for several (a headless service of
// Kubernetes, service discovery of ECS) is one target for each of them, looked up again as they come and go.

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { CodedError } from '@tabula/protocol'
import { Pool } from 'undici'

export interface Target {
  readonly pool: Pool
  /** Before the path of a request. */
  readonly base: string
  /** Of the process: senders are dealt out by it. */
  readonly name: string
  /** The name that it was found under. */
  readonly host: string
  /** Milliseconds of the clock until which it is asked last. */
  restsUntil: number
}

export interface TargetSettings {
  /** Addresses of the webhook. */
  readonly endpoints: readonly string[]
  /** Milliseconds. */
  readonly deadline: number
  /** Connections to each process. */
  readonly connections: number
  /** Milliseconds between two looks at the names. */
  readonly lookEvery?: number
  /** All addresses of a name. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

interface Endpoint {
  readonly url: URL
  readonly base: string
}

const LOOK_EVERY = 5_000

export class InferenceTargets {
  readonly #settings: TargetSettings
  readonly #endpoints: readonly Endpoint[]
  readonly #timer: NodeJS.Timeout | null
  #targets: ReadonlyMap<string, Target> = new Map()
  #isLooking = false
  #isClosed = false

  /** Throws CodedError `assistant.endpoint` for an address that is none. */
  constructor(settings: TargetSettings) {
    this.#settings = settings
    this.#endpoints = settings.endpoints.map(readEndpoint)
    this.#targets = new Map(this.#endpoints.map(endpoint => this.#entry(endpoint, endpoint.url.host)))
    const hasNames = this.#endpoints.some(({ url }) => isName(url.hostname))
    if (hasNames) void this.look()
    this.#timer = hasNames ? setInterval(() => void this.look(), settings.lookEvery ?? LOOK_EVERY) : null
    this.#timer?.unref()
  }

  get all(): readonly Target[] {
    return [...this.#targets.values()]
  }

  /** Looks up who there is now. A name that cannot be looked up keeps those that it had. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#isClosed) return
    this.#isLooking = true
    const found = await Promise.all(this.#endpoints.map(async endpoint => this.#find(endpoint)))
    this.#isLooking = false
    const before = this.#targets
    this.#targets = new Map(found.flat())
    for (const [name, { pool }] of before) {
      // What is under way there comes to its end.
      if (!this.#targets.has(name)) void pool.close().catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer !== null) clearInterval(this.#timer)
    await Promise.all(this.all.map(({ pool }) => pool.destroy()))
  }

  async #find(endpoint: Endpoint): Promise<readonly (readonly [string, Target])[]> {
    const { hostname, host, port } = endpoint.url
    if (!isName(hostname)) return [this.#entry(endpoint, host)]
    const { resolve = allAddresses } = this.#settings
    const addresses = await resolve(hostname).catch(() => null)
    if (addresses === null) return [...this.#targets].filter(([, target]) => target.host === host)
    // One alone may be anything, also an address that stands for many: it is left to the connection.
    if (addresses.length < 2) return [this.#entry(endpoint, host)]
    const end = port === '' ? '' : `:${port}`
    return addresses.map(address =>
      this.#entry(endpoint, (isIP(address) === 6 ? `[${address}]` : address) + end),
    )
  }

  #entry({ url, base }: Endpoint, host: string): readonly [string, Target] {
    const name = `${url.protocol}//${host}`
    const known = this.#targets.get(name)
    if (known !== undefined) return [name, known]
    const { connections, deadline } = this.#settings
    const pool = new Pool(name, {
      connections,
      headersTimeout: deadline,
      bodyTimeout: deadline,
      // A certificate is the name's, whichever process is asked.
      ...(url.protocol === 'https:' ? { connect: { servername: url.hostname } } : {}),
    })
    return [name, { pool, base, name, host: url.host, restsUntil: 0 }]
  }
}

function readEndpoint(endpoint: string): Endpoint {
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
    const message = `INFERENCE_ENDPOINT should be http addresses; found ${endpoint}.`
    throw new CodedError('assistant.endpoint', message, { status: 400 })
  }
  const url = new URL(endpoint)
  return { url, base: url.pathname.replace(/\/webhooks\/rest\/webhook\/?$/, '') }
}

function isName(hostname: string): boolean {
  return hostname !== 'localhost' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0
}

async function allAddresses(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true })
  // Of two families that name the same processes one is enough.
  const family = found[0]?.family
  return found.filter(each => each.family === family).map(({ address }) => address)
}
