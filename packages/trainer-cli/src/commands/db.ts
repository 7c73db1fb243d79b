// bot db create, rollback, rebuild-history.

import { join, resolve } from 'node:path'
import { openShopDatabase } from '@tabula/core-server'
import { readSettings } from '@tabula/model'
import { type Console, print, tell } from '../console.ts'
import { readEnvironment, readRole } from '../roles/environment.ts'
import { settingsOver } from '../roles/settings-over.ts'

export type DatabaseCommand = 'create' | 'rollback' | 'rebuild-history'

/** 0 when it is done. Throws CodedError `users.no-admin`, `database.*` and `settings.*`. */
export async function database(command: DatabaseCommand, project: string, console: Console): Promise<number> {
  const folder = resolve(console.folder, project)
  const environment = await readEnvironment(folder, console)
  const endpoints = settingsOver(
    (await readSettings(join(folder, 'endpoints.yml'), environment)) ?? {},
    environment,
  )
  const tools = await openShopDatabase({ environment, role: readRole(environment), folder, endpoints })
  try {
    tell(console, `The database is ${tools.name}.`)
    if (command === 'create') await create(tools, console)
    else if (command === 'rollback') print(console, steps('Taken back', await tools.rollBack()))
    else {
      const count = await tools.rebuildHistory(done => {
        tell(console, `${done} conversations …`)
      })
      print(console, `The index holds ${count} conversations.`)
    }
    return 0
  } finally {
    await tools.close()
  }
}

async function create(tools: Awaited<ReturnType<typeof openShopDatabase>>, console: Console): Promise<void> {
  const { migrations, admin } = await tools.create()
  print(console, steps('Made', migrations))
  if (admin === null) print(console, 'There is an admin already.')
  else if (admin.password === null) print(console, `The first admin is ${admin.email}.`)
  else
    print(console, `The first admin is ${admin.email}, with the password ${admin.password} (shown only now).`)
}

function steps(verb: string, names: readonly string[]): string {
  return names.length === 0 ? 'The tables are as they should be.' : `${verb}: ${names.join(', ')}.`
}
