// Every setting of the environment and .env in one table: its name, what it may be, and what it is without a word.

import { CodedError } from '@tabula/protocol'

type Environment = Readonly<Record<string, string | undefined>>

interface SettingEntry {
  readonly kind: 'text' | 'secret' | 'flag' | 'number'
  readonly about: string
  /** Absent where there is none. */
  readonly usual?: string | number | boolean
  readonly least?: number
  readonly most?: number
  /** An older name, read where the new one is not set. */
  readonly formerly?: string
}

export const SETTINGS = {
  SECRET_KEY: { kind: 'secret', about: 'Signs the tokens of the public API; 32 bytes or more.' },
  DEMO: {
    kind: 'flag',
    about: 'Known admin and short keys are let through: for trying out alone.',
    usual: false,
  },
  TABULA_ROLE: { kind: 'text', about: 'What a process plays: all, api, inference or actions.', usual: 'all' },
  DATABASE_URL: { kind: 'secret', about: 'Users and history: postgresql://… or sqlite:path.' },
  POSTGRES_USER: { kind: 'text', about: 'With POSTGRES_DB, in place of DATABASE_URL.', usual: 'postgres' },
  POSTGRES_PASSWORD: { kind: 'secret', about: 'Its password.' },
  POSTGRES_DB: { kind: 'text', about: 'Its database.' },
  POSTGRES_HOST: { kind: 'text', about: 'Its host; `postgres` in the roles api and inference.' },
  POSTGRES_PORT: { kind: 'number', about: 'Its port.', usual: 5432, least: 1, most: 65_535 },
  POSTGRES_SSLMODE: {
    kind: 'text',
    about: 'TLS to it: verify-full checks the certificate, no-verify does not.',
  },
  REDIS_URL: { kind: 'secret', about: 'Conversations and their order, where endpoints.yml names no store.' },
  REDIS_PASSWORD: { kind: 'secret', about: 'Its password, where REDIS_URL holds none.' },
  INFERENCE_ENDPOINT: {
    kind: 'text',
    about: 'Where role api forwards messages; several with commas between them.',
    usual: 'http://localhost:5005/webhooks/rest/webhook',
  },
  INFERENCE_TOKEN: { kind: 'secret', about: 'Token of the API of role inference.' },
  ACTION_ENDPOINT: { kind: 'text', about: 'The action server, where endpoints.yml names none.' },
  API_PORT: port(5000, 'Port of the public API.', 'TABULA_SHOP_PORT'),
  INFERENCE_PORT: port(5005, 'Port of Rasa’s API and the channels.', 'TABULA_PORT'),
  ACTION_PORT: port(5055, 'Port of the action server.', 'TABULA_ACTIONS_PORT'),
  LISTEN_ADDRESS: { kind: 'text', about: 'Address that all ports listen on.', usual: '0.0.0.0' },
  ADMIN_EMAIL: { kind: 'text', about: 'First admin, made by `bot db create`.' },
  ADMIN_PASSWORD: { kind: 'secret', about: 'Its password; without one it is made up and printed once.' },
  SESSION_MINUTES: { kind: 'number', about: 'How long a login lasts.', usual: 15, least: 1, most: 1440 },
  VISITOR_DAYS: {
    kind: 'number',
    about: 'How long a visitor’s token lasts.',
    usual: 30,
    least: 1,
    most: 400,
  },
  VISITOR_KEY: {
    kind: 'secret',
    about: 'Signs the ids of people whom your pages know (HMAC-SHA256); 32 bytes or more.',
  },
  CORS_ORIGINS: { kind: 'text', about: 'Origins whose pages may call the public API; commas between them.' },
  TRUSTED_PROXIES: {
    kind: 'number',
    about: 'Proxies before the public API whose X-Forwarded-For counts.',
    usual: 0,
    least: 0,
    most: 10,
  },
  RATE_SENDER: {
    kind: 'number',
    about: 'Messages a second of one sender; 0 for no limit.',
    usual: 5,
    least: 0,
  },
  RATE_SENDER_BURST: { kind: 'number', about: 'How many may come at once.', usual: 20, least: 1 },
  RATE_ADDRESS: {
    kind: 'number',
    about: 'Messages a second from one address; 0 for no limit.',
    usual: 50,
    least: 0,
  },
  RATE_ADDRESS_BURST: { kind: 'number', about: 'How many may come at once.', usual: 200, least: 1 },
  LOGINS_PER_ACCOUNT: {
    kind: 'number',
    about: 'Failed logins of an account from one address in 15 minutes.',
    usual: 5,
    least: 1,
  },
  LOGINS_PER_ADDRESS: {
    kind: 'number',
    about: 'Failed logins from one address in an hour.',
    usual: 100,
    least: 1,
  },
  FORWARD_SECONDS: {
    kind: 'number',
    about: 'Deadline of a forwarded message, all attempts together.',
    usual: 60,
    least: 1,
    most: 3600,
  },
  FORWARD_CONNECTIONS: {
    kind: 'number',
    about: 'Connections to each inference process.',
    usual: 256,
    least: 1,
    most: 10_000,
  },
  HISTORY_DAYS: {
    kind: 'number',
    about: 'Conversations without activity for so many days are erased; 0 keeps them.',
    usual: 0,
    least: 0,
  },
  TABULA_STOP_NOTICE: {
    kind: 'number',
    about: 'Milliseconds between saying that it is not ready and taking no more, for balancers.',
    usual: 0,
    least: 0,
    most: 60_000,
  },
  LOW_CONFIDENCE: {
    kind: 'number',
    about: 'Intents below it count as misunderstood.',
    usual: 0.6,
    least: 0,
    most: 1,
  },
} as const satisfies Readonly<Record<string, SettingEntry>>

export type SettingName = keyof typeof SETTINGS

function port(
  usual: number,
  about: string,
  formerly: string,
): SettingEntry & { readonly kind: 'number'; readonly usual: number } {
  return { kind: 'number', about, usual, least: 0, most: 65_535, formerly }
}

const ENTRIES: ReadonlyMap<SettingName, SettingEntry> = new Map(
  Object.entries(SETTINGS) as [SettingName, SettingEntry][],
)

/** A setting's text, undefined where it is not set and has no usual value. */
export function textSetting(environment: Environment, name: SettingName): string | undefined {
  const entry = ENTRIES.get(name)
  const given = givenValue(environment, name)
  return given ?? (entry?.usual === undefined ? undefined : String(entry.usual))
}

/** Throws CodedError `settings.value` for what is no number or lies outside its bounds. */
export function numberSetting(environment: Environment, name: SettingName): number {
  const { least = 0, most = Infinity, usual } = ENTRIES.get(name) ?? {}
  const given = givenValue(environment, name)
  const value = Number(given ?? usual)
  if (Number.isFinite(value) && value >= least && value <= most) return value
  const bounds = most === Infinity ? `${least} or more` : `from ${least} to ${most}`
  throw new CodedError('settings.value', `${name} is '${given ?? ''}'; it must be a number ${bounds}.`, {
    status: 400,
  })
}

/** `1`, `true` and `yes` are on, `0`, `false`, `no` and nothing are off. Throws CodedError `settings.value` for other words. */
export function flagSetting(environment: Environment, name: SettingName): boolean {
  const given = (givenValue(environment, name) ?? 'no').toLowerCase()
  if (['1', 'true', 'yes', 'on'].includes(given)) return true
  if (['0', 'false', 'no', 'off'].includes(given)) return false
  throw new CodedError('settings.value', `${name} is '${given}'; it must be 1 or 0.`, { status: 400 })
}

export interface ShownSetting {
  readonly name: SettingName
  readonly about: string
  /** `(set)` for a secret; empty where there is none. */
  readonly value: string
  readonly isSet: boolean
  /** What is wrong with it. */
  readonly problem: string | null
}

/** The whole table for `bot doctor`; secrets are not shown. */
export function showSettings(environment: Environment): readonly ShownSetting[] {
  return [...ENTRIES].map(([name, { kind, about, usual }]) => {
    const given = givenValue(environment, name)
    const shown = kind === 'secret' && given !== undefined ? '(set)' : (given ?? String(usual ?? ''))
    return {
      name,
      about,
      value: shown,
      isSet: given !== undefined,
      problem: problemOf(environment, name, kind),
    }
  })
}

function problemOf(environment: Environment, name: SettingName, kind: SettingEntry['kind']): string | null {
  try {
    if (kind === 'number') numberSetting(environment, name)
    if (kind === 'flag') flagSetting(environment, name)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** An empty value is none: `KEY=` in a file of settings says nothing. */
function givenValue(environment: Environment, name: SettingName): string | undefined {
  const { formerly } = ENTRIES.get(name) ?? {}
  const own = environment[name]
  if (own !== undefined && own !== '') return own
  const older = formerly === undefined ? undefined : environment[formerly]
  return older === '' ? undefined : older
}
