// Turns the flags of `bot run` and its like into the server's options.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ServerOptions } from '@tabula/core-server'
import { readSettings } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import type { Console } from '../console.ts'
import { levelOf, type LoggingFlags } from '../flags.ts'

export interface ServerFlags extends LoggingFlags {
  readonly model?: string
  readonly endpoints?: string
  readonly credentials?: string
  readonly interface?: string
  readonly port?: number
  readonly authToken?: string
  readonly cors?: true | readonly string[]
  readonly enableApi?: boolean
  readonly connector?: string
  readonly sslCertificate?: string
  readonly sslKeyfile?: string
  readonly sslCaFile?: string
  readonly sslPassword?: string
  readonly jwtSecret?: string
  readonly jwtMethod?: string
  readonly jwtPrivateKey?: string
}

/** Flags that protect a server: to take them and serve unprotected would be worse than not to serve. */
const PROTECTING = {
  sslCertificate: '--ssl-certificate',
  sslKeyfile: '--ssl-keyfile',
  sslCaFile: '--ssl-ca-file',
  sslPassword: '--ssl-password',
  jwtSecret: '--jwt-secret',
  jwtMethod: '--jwt-method',
  jwtPrivateKey: '--jwt-private-key',
} as const

/** The server's options. Throws CodedError for a file that was named and is missing, and ProjectError for one that cannot be read. */
export async function serverOptions(flags: ServerFlags, console: Console): Promise<ServerOptions> {
  refuseUnprotected(flags)
  const { folder } = console
  const endpoints = await settingsOf(
    flags.endpoints ?? 'endpoints.yml',
    console,
    flags.endpoints === 'endpoints.yml',
  )
  const credentials =
    flags.credentials === undefined
      ? await settingsOf('credentials.yml', console, true)
      : await settingsOf(flags.credentials, console, false)
  const level = levelOf(flags)
  return {
    model: resolve(folder, flags.model ?? 'models'),
    ...(endpoints === null ? {} : { endpoints }),
    ...(credentials === null ? {} : { credentials }),
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.interface === undefined ? {} : { interface: flags.interface }),
    ...(flags.authToken === undefined ? {} : { authToken: flags.authToken }),
    ...(flags.cors === undefined ? {} : { cors: flags.cors === true ? '*' : flags.cors }),
    ...(flags.connector === undefined ? {} : { connector: flags.connector }),
    ...(level === undefined ? {} : { logLevel: level }),
    enableApi: flags.enableApi === true,
    portSettings: { server: '--port', shop: 'TABULA_SHOP_PORT' },
  }
}

function refuseUnprotected(flags: Readonly<Partial<Record<keyof typeof PROTECTING, unknown>>>): void {
  const given = Object.entries(PROTECTING).filter(
    ([name]) => flags[name as keyof typeof PROTECTING] !== undefined,
  )
  if (given.length === 0) return
  throw new CodedError(
    'cli.not-yet',
    `${given.map(([, flag]) => flag).join(', ')}: not supported yet, and the server does not start without the protection that was asked for. Put a reverse proxy in front of it, or use --auth-token.`,
  )
}

async function settingsOf(
  file: string,
  { folder, environment }: Console,
  mayBeMissing: boolean,
): Promise<Readonly<Record<string, unknown>> | null> {
  const path = resolve(folder, file)
  if (!existsSync(path)) {
    if (mayBeMissing) return null
    throw new CodedError('cli.missing-file', `There is no file ${file}.`)
  }
  return readSettings(path, environment)
}
