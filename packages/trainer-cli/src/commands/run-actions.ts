// bot run actions: serves the custom actions of a folder until it is told to stop.

import { resolve } from 'node:path'
import { startActionServer, type TlsFiles } from '@tabula/action-sdk'
import { CodedError } from '@tabula/protocol'
import { type Console, tell } from '../console.ts'
import { lendSdk } from '../roles/lend-sdk.ts'
import { stopSignal } from '../stopped.ts'

export interface ActionFlags {
  readonly port: number
  readonly actions: string
  readonly cors?: true | readonly string[]
  readonly autoReload?: boolean
  readonly sslKeyfile?: string
  readonly sslCertificate?: string
  readonly sslPassword?: string
}

/** 0 after a graceful stop. */
export async function runActions(flags: ActionFlags, console: Console): Promise<number> {
  const ssl = tlsFiles(flags, console)
  lendSdk()
  const server = await startActionServer({
    folder: resolve(console.folder, flags.actions),
    autoReload: flags.autoReload === true,
    port: flags.port,
    portSetting: '--port',
    ...(flags.cors === undefined ? {} : { cors: flags.cors === true ? '*' : flags.cors }),
    ...(ssl === null ? {} : { ssl }),
  })
  const names = await server.actionNames()
  tell(
    console,
    `${names.length === 1 ? '1 action answers' : `${names.length} actions answer`} at ${server.url}. Ctrl-C stops the server.`,
  )
  await stopSignal()
  await server.stop()
  return 0
}

function tlsFiles(flags: ActionFlags, { folder }: Console): TlsFiles | null {
  const { sslKeyfile, sslCertificate, sslPassword } = flags
  if (sslKeyfile === undefined && sslCertificate === undefined) return null
  if (sslKeyfile === undefined || sslCertificate === undefined)
    throw new CodedError('cli.ssl', 'Give both --ssl-certificate and --ssl-keyfile to serve https.')
  return {
    certificate: resolve(folder, sslCertificate),
    keyfile: resolve(folder, sslKeyfile),
    ...(sslPassword === undefined ? {} : { password: sslPassword }),
  }
}
