// Turns the flags of `bot run` and its like into the server's options.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ServerOptions } from '@tabula/core-server'
import { readSettings } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import type { Console } from '../console.ts'
import { levelOf, type LoggingFlags } from '../flags.ts'
import { readAssistants } from './read-assistants.ts'

export interface ServerFlags extends LoggingFlags {
  readonly model?: string
  readonly remoteStorage?: string
  readonly endpoints?: string
  readonly credentials?: string
  readonly interface?: string
  readonly port?: number
  readonly authToken?: string
  readonly cors?: true | readonly string[]
  readonly enableApi?: boolean
  readonly connector?: string
  /** Server processes on the port. */
  readonly workers?: number
  /** File that names several assistants. */
  readonly assistants?: string
  readonly sslCertificate?: string
  readonly sslKeyfile?: string
  readonly sslCaFile?: string
  readonly sslPassword?: string
  readonly jwtSecret?: string
  readonly jwtMethod?: string
  readonly jwtPrivateKey?: string
  readonly jwtIssuer?: string
  readonly jwtAudience?: string
  readonly jwtRequireExpiry?: boolean
  readonly responseTimeout?: number
  readonly requestTimeout?: number
  readonly allowHost?: readonly string[]
  readonly accessLog?: boolean
  readonly logFile?: string
  readonly useSyslog?: boolean
  readonly syslogAddress?: string
  readonly syslogPort?: number
  readonly syslogProtocol?: 'UDP' | 'TCP'
}

/** The server's options. Throws CodedError for a file that was named and is missing, and ProjectError for one that cannot be read. */
export async function serverOptions(flags: ServerFlags, console: Console): Promise<ServerOptions> {
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
  const { assistants } = flags
  return {
    ...(assistants === undefined ? {} : { assistants: await readAssistants(assistants, console) }),
    ...modelOf(flags, folder),
    ...(endpoints === null ? {} : { endpoints }),
    ...(credentials === null ? {} : { credentials }),
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.interface === undefined ? {} : { interface: flags.interface }),
    ...(flags.authToken === undefined ? {} : { authToken: flags.authToken }),
    ...(flags.cors === undefined ? {} : { cors: flags.cors === true ? '*' : flags.cors }),
    ...tlsOf(flags, folder),
    ...jwtOf(flags),
    ...(flags.responseTimeout === undefined ? {} : { responseTimeout: flags.responseTimeout }),
    ...(flags.requestTimeout === undefined ? {} : { requestTimeout: flags.requestTimeout }),
    ...(flags.allowHost === undefined ? {} : { innerHosts: flags.allowHost }),
    ...(flags.accessLog === undefined ? {} : { accessLog: flags.accessLog }),
    ...(flags.connector === undefined ? {} : { connector: flags.connector }),
    ...(level === undefined ? {} : { logLevel: level }),
    logTargets: logTargetsOf(flags, folder),
    enableApi: flags.enableApi === true,
    portSettings: { server: '--port', shop: 'TABULA_SHOP_PORT' },
  }
}

/** With --remote-storage, --model is the archive's name in the storage, as in Rasa; else a path. */
function modelOf(
  { model, remoteStorage }: ServerFlags,
  folder: string,
): Pick<ServerOptions, 'model' | 'remoteStorage'> {
  if (remoteStorage === undefined) return { model: resolve(folder, model ?? 'models') }
  if (model === undefined || model === 'models')
    throw missing('--remote-storage needs --model beside it: the name of the archive in the storage.')
  return { model, remoteStorage }
}

function logTargetsOf(flags: ServerFlags, folder: string): NonNullable<ServerOptions['logTargets']> {
  const { logFile, useSyslog, syslogAddress = 'localhost', syslogPort = 514, syslogProtocol = 'UDP' } = flags
  return {
    ...(logFile === undefined ? {} : { file: resolve(folder, logFile) }),
    ...(useSyslog === true
      ? { syslog: { address: syslogAddress, port: syslogPort, protocol: syslogProtocol } }
      : {}),
  }
}

/** A flag that protects is never taken without its effect: where the certificate or the key is missing, nothing is served. */
function tlsOf(flags: ServerFlags, folder: string): Pick<ServerOptions, 'tls'> {
  const { sslCertificate, sslKeyfile, sslCaFile, sslPassword } = flags
  if (sslCertificate === undefined) {
    if ([sslKeyfile, sslCaFile, sslPassword].every(flag => flag === undefined)) return {}
    throw missing('--ssl-keyfile, --ssl-ca-file and --ssl-password need --ssl-certificate beside them.')
  }
  return {
    tls: {
      certificate: resolve(folder, sslCertificate),
      ...(sslKeyfile === undefined ? {} : { keyfile: resolve(folder, sslKeyfile) }),
      ...(sslCaFile === undefined ? {} : { caFile: resolve(folder, sslCaFile) }),
      ...(sslPassword === undefined ? {} : { password: sslPassword }),
    },
  }
}

/** Tokens are only checked, never issued, so a private key alone protects nothing; Rasa would serve without protection. */
function jwtOf(flags: ServerFlags): Pick<ServerOptions, 'jwt'> {
  const { jwtSecret, jwtMethod, jwtPrivateKey, jwtIssuer, jwtAudience, jwtRequireExpiry } = flags
  if (jwtSecret === undefined) {
    const others = [jwtMethod, jwtPrivateKey, jwtIssuer, jwtAudience, jwtRequireExpiry]
    if (others.every(flag => flag === undefined)) return {}
    throw missing(
      'The --jwt- flags need --jwt-secret beside them: the shared secret, or the public key as PEM.',
    )
  }
  return {
    jwt: {
      secret: jwtSecret,
      ...(jwtMethod === undefined ? {} : { method: jwtMethod }),
      ...(jwtIssuer === undefined ? {} : { issuer: jwtIssuer }),
      ...(jwtAudience === undefined ? {} : { audience: jwtAudience }),
      ...(jwtRequireExpiry === undefined ? {} : { requiresExpiry: jwtRequireExpiry }),
    },
  }
}

function missing(message: string): CodedError {
  return new CodedError('cli.missing-flag', message, { status: 400 })
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
