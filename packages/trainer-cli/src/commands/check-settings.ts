// The settings of the environment and .env, as `bot doctor` shows them.

import {
  flagSetting,
  listOf,
  NEW_SECRET_KEY,
  SHORTEST_SECRET,
  showSettings,
  type ShownSetting,
  textSetting,
} from '@tabula/core-server'
import { type Console, colorsOf, print } from '../console.ts'
import type { Environment } from '../roles/environment.ts'

export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'error'
  readonly found: string
  /** A command, or what to change. */
  readonly mend?: string
}

/** What is wrong with the values, and what is too weak to be shown to the world. */
export function checkSettings(environment: Environment): Check[] {
  const wrong = showSettings(environment).flatMap(({ name, problem }): Check[] =>
    problem === null
      ? []
      : [{ name: 'Settings', state: 'error', found: problem, mend: `Mend or leave out ${name}.` }],
  )
  if (wrong.length > 0) return wrong
  const isDemo = flagSetting(environment, 'DEMO')
  return [
    { name: 'Settings', state: 'ok', found: 'each value is one that it may have' },
    ...(isDemo ? [] : [checkSecret(environment)]),
    checkOrigins(environment),
    ...(isDemo
      ? [
          {
            name: 'Demo',
            state: 'warning' as const,
            found: 'DEMO is on: an admin with a known password, and short keys are let through',
            mend: 'Leave DEMO out where anybody else can reach it.',
          },
        ]
      : []),
  ]
}

function checkSecret(environment: Environment): Check {
  const bytes = Buffer.byteLength(textSetting(environment, 'SECRET_KEY') ?? '')
  const name = 'Secret key'
  if (bytes >= SHORTEST_SECRET) return { name, state: 'ok', found: `${bytes} bytes` }
  const found = bytes === 0 ? 'is not set' : `has ${bytes} bytes`
  return {
    name,
    state: 'warning',
    found: `${found}: the public API does not start without ${SHORTEST_SECRET}`,
    mend: NEW_SECRET_KEY,
  }
}

function checkOrigins(environment: Environment): Check {
  const name = 'CORS'
  const origins = listOf(textSetting(environment, 'CORS_ORIGINS'))
  const odd = origins.filter(part => !isOrigin(part))
  if (odd.length === 0) {
    const found = origins.length === 0 ? 'pages of this server alone' : origins.join(', ')
    return { name, state: 'ok', found }
  }
  return {
    name,
    state: 'warning',
    found: `${odd.join(', ')} is no origin`,
    mend: 'Write them as in CORS_ORIGINS=https://www.example.com,https://shop.example.com',
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

/** The whole table: what is set stands out, secrets are not shown. */
export function printSettings(settings: readonly ShownSetting[], console: Console): void {
  const colors = colorsOf(console)
  const wide = Math.max(...settings.map(({ name }) => name.length))
  print(
    console,
    '\nSettings of the environment and .env (* is set; endpoints.yml wins where it says the same)',
  )
  for (const { name, value, isSet, about } of settings) {
    const line = `${isSet ? '*' : ' '} ${name.padEnd(wide)}  ${value.padEnd(12)}`
    print(console, `${isSet ? colors.bold(line) : line}  ${colors.dim(about)}`)
  }
}
