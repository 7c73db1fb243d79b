// bot start: trains a project if its model is not of its files, and runs server, actions and chat page in one process.

import { resolve } from 'node:path'
import type { Role } from '@tabula/core-server'
import { colorsOf, type Console, print, tell } from '../console.ts'
import type { LoggingFlags } from '../flags.ts'
import { readEnvironment, readRole } from '../roles/environment.ts'
import { type Addresses, startRoles } from '../roles/start-roles.ts'
import { stopSignal } from '../stopped.ts'

export interface StartFlags extends LoggingFlags {
  readonly project: string
  readonly role?: Role
}

/**
 * 0 after a graceful stop. Throws CodedError `server.port-taken` with the setting that gives another port, and `settings.*`
 * for settings that cannot be.
 */
export async function startProject(flags: StartFlags, console: Console): Promise<number> {
  const folder = resolve(console.folder, flags.project)
  const environment = await readEnvironment(folder, console)
  const role = flags.role ?? readRole(environment)
  const running: { stop(): Promise<void> }[] = []
  try {
    const roles = await startRoles({ folder, role, environment, flags, console }, running)
    showAddresses(roles, console)
    await stopSignal()
    tell(console, 'Stopping …')
    return 0
  } finally {
    for (const each of running) await each.stop()
  }
}

function showAddresses({ shop, server, actions }: Addresses, console: Console): void {
  const colors = colorsOf(console)
  const line = (name: string, url: string): void => {
    print(console, `  ${name.padEnd(20)}${colors.cyan(url)}`)
  }
  print(console, '')
  if (shop !== undefined) {
    line('Chat with the bot', `${shop}/shop`)
    line('Admin pages', `${shop}/admin`)
    line('Public API', shop)
  }
  if (server !== undefined) line('HTTP API, webhooks', server)
  if (actions !== undefined) line('Action server', actions)
  print(console, '')
  print(console, `  Ctrl-C stops everything; conversations are kept.`)
}
