// The Redis entries of endpoints.yml: Rasa's keys for one server, and ours for Cluster and Sentinel.

import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

export interface RedisSettings {
  /** `cluster` and `sentinel`: any of its nodes; else the server. */
  readonly mode: 'single' | 'cluster' | 'sentinel'
  readonly nodes: readonly [RedisAddress, ...RedisAddress[]]
  /** Name of the primary that the sentinels watch. */
  readonly primary: string | null
  readonly db: number
  readonly username: string | null
  readonly password: string | null
  /** What every key begins with, `:` included; empty for none. */
  readonly keyPrefix: string
  readonly tls: RedisTls | null
  /** Seconds after its last change that a conversation is kept; null for ever. */
  readonly expiry: number | null
  /** Replicas that must confirm a turn before it is answered. */
  readonly waitReplicas: number
}

export interface RedisTls {
  readonly keyFile: string | null
  readonly certificateFile: string | null
  readonly caFile: string | null
}

/** Settings of an entry whose type is redis. Throws CodedError `endpoints.redis` on values that cannot work. */
export function readRedisSettings(
  entry: Readonly<Record<string, unknown>>,
  place: string,
  defaultDb: number,
): RedisSettings {
  const { cluster, sentinels, key_prefix: prefix } = entry
  const own = ownAddress(entry, place)
  const listed = nodesOf(cluster ?? sentinels, place)
  return {
    mode: isSet(cluster) ? 'cluster' : isSet(sentinels) ? 'sentinel' : 'single',
    nodes: listed ?? [own.address],
    primary: isSet(sentinels) ? textOf(entry['sentinel_primary'], 'mymaster') : null,
    db: numberOf(entry['db'] ?? own.db, defaultDb, `${place}: db`),
    username: nullableText(entry['username'] ?? own.username),
    password: nullableText(entry['password'] ?? own.password),
    // As in Rasa, a prefix with other characters than letters and digits is passed over.
    keyPrefix: typeof prefix === 'string' && /^[a-z0-9]+$/i.test(prefix) ? `${prefix}:` : '',
    tls: entry['use_ssl'] === true || entry['use_ssl'] === 'true' || own.isTls ? tlsOf(entry) : null,
    expiry: isSet(entry['record_exp']) ? numberOf(entry['record_exp'], 0, `${place}: record_exp`) : null,
    waitReplicas: numberOf(entry['wait_replicas'], 0, `${place}: wait_replicas`),
  }
}

/** Whether both entries mean the same server, whatever the database. */
export function isSameServer(left: RedisSettings, right: RedisSettings): boolean {
  return left.mode === right.mode && JSON.stringify(left.nodes) === JSON.stringify(right.nodes)
}

interface OwnAddress {
  readonly address: RedisAddress
  readonly db?: string
  readonly username?: string
  readonly password?: string
  readonly isTls: boolean
}

/** Rasa's `url` is a host name; a whole redis:// address is taken as well. */
function ownAddress({ url, port }: Readonly<Record<string, unknown>>, place: string): OwnAddress {
  const text = textOf(url, 'localhost')
  if (!text.includes('://')) {
    return { address: { host: text, port: numberOf(port, 6379, `${place}: port`) }, isTls: false }
  }
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) {
    throw wrong(
      `${place}: url is '${text}'; it should be a host name, or an address that begins with redis://.`,
    )
  }
  const address = new URL(text)
  const db = address.pathname.slice(1)
  return {
    address: { host: address.hostname, port: Number(address.port || numberOf(port, 6379, `${place}: port`)) },
    isTls: address.protocol === 'rediss:',
    ...(db === '' ? {} : { db }),
    ...(address.username === '' ? {} : { username: decodeURIComponent(address.username) }),
    ...(address.password === '' ? {} : { password: decodeURIComponent(address.password) }),
  }
}

/** `cluster: [host:port, …]`, also as objects with host and port. */
function nodesOf(value: unknown, place: string): RedisSettings['nodes'] | null {
  if (!isSet(value)) return null
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const [first, ...others] = list.map((node): RedisAddress => {
    if (isRecord(node) && typeof node['host'] === 'string') {
      return { host: node['host'], port: numberOf(node['port'], 6379, `${place}: port`) }
    }
    const match = typeof node === 'string' ? /^\[?(.+?)\]?:(\d+)$/.exec(node) : null
    if (match === null) throw wrong(`${place}: ${JSON.stringify(node)} is no host:port.`)
    return { host: match[1] ?? '', port: Number(match[2]) }
  })
  if (first === undefined) throw wrong(`${place}: the list of nodes is empty.`)
  return [first, ...others]
}

function tlsOf(entry: Readonly<Record<string, unknown>>): RedisTls {
  return {
    keyFile: nullableText(entry['ssl_keyfile']),
    certificateFile: nullableText(entry['ssl_certfile']),
    caFile: nullableText(entry['ssl_ca_certs']),
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback
}

function nullableText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Numbers may be written as text: what came from a variable of the environment always is. */
function numberOf(value: unknown, fallback: number, place: string): number {
  if (!isSet(value)) return fallback
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  if (!Number.isInteger(number) || number < 0) {
    throw wrong(`${place} is ${JSON.stringify(value)}; it should be a whole number.`)
  }
  return number
}

function wrong(message: string): CodedError {
  return new CodedError('endpoints.redis', message, { status: 400 })
}
