// What the public side is started with, read from the settings and checked together.

import { randomBytes } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import type { HashCost } from '../users/password.ts'
import { SHORTEST_SECRET } from '../users/session-token.ts'
import type { Role } from './server-options.ts'
import { flagSetting, numberSetting, textSetting } from './settings.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface ShopSettings {
  readonly secretKey: string
  readonly isDemo: boolean
  /** Of users and history. */
  readonly databaseUrl: string
  readonly inferenceEndpoints: readonly string[]
  readonly inferenceToken: string
  readonly sessionLifetime: number
  readonly visitorLifetime: number
  readonly origins: readonly string[]
  readonly trustedProxies: number
  readonly senderRate: number
  readonly senderBurst: number
  readonly addressRate: number
  readonly addressBurst: number
  readonly loginsPerAccount: number
  readonly loginsPerAddress: number
  /** Signs the ids of people whom the pages around the widget know; empty for none. */
  readonly visitorKey: string
  /** Milliseconds. */
  readonly forwardDeadline: number
  readonly forwardConnections: number
  readonly historyDays: number
  readonly lowConfidence: number
  /** Of new passwords; no setting, but tests have no time for the usual one. */
  readonly hashCost?: HashCost
}

/**
 * Throws CodedError `settings.*`: for a SECRET_KEY that is missing or shorter than 32 bytes outside the demo, and for
 * values that cannot be. `embedded` is the database where none is named.
 */
export function readShopSettings(environment: Environment, role: Role, embedded: string): ShopSettings {
  const number = (name: Parameters<typeof numberSetting>[1]): number => numberSetting(environment, name)
  const isDemo = flagSetting(environment, 'DEMO')
  return {
    secretKey: readSecretKey(environment, isDemo),
    isDemo,
    databaseUrl: readDatabaseUrl(environment, role, embedded),
    inferenceEndpoints: listOf(textSetting(environment, 'INFERENCE_ENDPOINT')),
    inferenceToken: textSetting(environment, 'INFERENCE_TOKEN') ?? '',
    sessionLifetime: number('SESSION_MINUTES') * 60,
    visitorLifetime: number('VISITOR_DAYS') * 86_400,
    visitorKey: readVisitorKey(environment),
    origins: listOf(textSetting(environment, 'CORS_ORIGINS')),
    trustedProxies: number('TRUSTED_PROXIES'),
    senderRate: number('RATE_SENDER'),
    senderBurst: number('RATE_SENDER_BURST'),
    addressRate: number('RATE_ADDRESS'),
    addressBurst: number('RATE_ADDRESS_BURST'),
    loginsPerAccount: number('LOGINS_PER_ACCOUNT'),
    loginsPerAddress: number('LOGINS_PER_ADDRESS'),
    forwardDeadline: number('FORWARD_SECONDS') * 1000,
    forwardConnections: number('FORWARD_CONNECTIONS'),
    historyDays: number('HISTORY_DAYS'),
    lowConfidence: number('LOW_CONFIDENCE'),
  }
}

/** DATABASE_URL, else what POSTGRES_* say, else the embedded one. */
export function readDatabaseUrl(environment: Environment, role: Role, embedded: string): string {
  const url = textSetting(environment, 'DATABASE_URL')
  if (url !== undefined) return url
  const database = textSetting(environment, 'POSTGRES_DB')
  // One process with everything in it has its database in it too, unless a host is named.
  const host = textSetting(environment, 'POSTGRES_HOST') ?? (role === 'all' ? undefined : 'postgres')
  if (database === undefined || host === undefined) return embedded
  const user = encodeURIComponent(textSetting(environment, 'POSTGRES_USER') ?? '')
  const password = textSetting(environment, 'POSTGRES_PASSWORD')
  const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`
  const mode = textSetting(environment, 'POSTGRES_SSLMODE')
  const tls = mode === undefined ? '' : `?sslmode=${encodeURIComponent(mode)}`
  return `postgresql://${login}@${host}:${numberSetting(environment, 'POSTGRES_PORT')}/${encodeURIComponent(database)}${tls}`
}

/** A command that makes one. */
export const NEW_SECRET_KEY = 'echo "SECRET_KEY=$(openssl rand -base64 48)" >> .env'

function readSecretKey(environment: Environment, isDemo: boolean): string {
  const key = textSetting(environment, 'SECRET_KEY')
  if (key !== undefined && Buffer.byteLength(key) >= SHORTEST_SECRET) return key
  if (isDemo) return key ?? randomBytes(SHORTEST_SECRET).toString('base64')
  const found = key === undefined ? 'is not set' : `has ${Buffer.byteLength(key)} bytes`
  throw new CodedError(
    'settings.secret-key',
    `SECRET_KEY ${found}; it needs ${SHORTEST_SECRET} bytes or more, since whoever guesses it can log in as anybody. Make one with:\n` +
      `  ${NEW_SECRET_KEY}`,
    { status: 400 },
  )
}

/** Empty where pages know nobody. */
function readVisitorKey(environment: Environment): string {
  const key = textSetting(environment, 'VISITOR_KEY') ?? ''
  if (key === '' || Buffer.byteLength(key) >= SHORTEST_SECRET) return key
  throw new CodedError(
    'settings.visitor-key',
    `VISITOR_KEY has ${Buffer.byteLength(key)} bytes; it needs ${SHORTEST_SECRET} bytes or more, since whoever guesses it can read what people wrote. Make one with:\n` +
      '  echo "VISITOR_KEY=$(openssl rand -hex 32)" >> .env',
    { status: 400 },
  )
}

export function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

/** For a public side that is started without settings, as tests do: a demo that leaves nothing behind. */
export function demoSettings(): ShopSettings {
  return readShopSettings({ DEMO: '1' }, 'all', ':memory:')
}
