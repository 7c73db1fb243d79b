// bot start: trains a project if its model is not of its files, and runs server, actions and chat page in one process.

import { resolve } from 'node:path'
import { numberSetting, type Role } from '@tabula/core-server'
import { type Console, print, tell } from '../console.ts'
import type { LoggingFlags } from '../flags.ts'
import { readEnvironment, readRole } from '../roles/environment.ts'
import { showAddresses } from '../roles/show-addresses.ts'
import { startRoles, type Stoppable } from '../roles/start-roles.ts'
import { endSoon, stopSignal } from '../stopped.ts'

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
  const notice = numberSetting(environment, 'TABULA_STOP_NOTICE')
  const running: Stoppable[] = []
  let isAsked = false
  try {
    const roles = await startRoles({ folder, role, environment, flags, console }, running)
    showAddresses(roles, console)
    print(console, `  Ctrl-C stops everything; conversations are kept.`)
    await stopSignal()
    isAsked = true
    tell(console, 'Stopping …')
    return 0
  } finally {
    for (const each of running) await each.stop(isAsked ? notice : 0)
    if (isAsked) endSoon()
  }
}
