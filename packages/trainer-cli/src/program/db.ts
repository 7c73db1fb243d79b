// bot db: the database of users and history.

import type { Command } from 'commander'
import { addLogging } from '../flags.ts'
import type { Add } from './add.ts'

const COMMANDS = [
  ['create', 'Make the tables and the first admin; what is there stays.'],
  ['rollback', 'Take the newest step of the tables back, with what is in them.'],
  ['rebuild-history', 'Make the index of conversations anew out of the conversations.'],
] as const

export const addDb: Add = (program, console, end, warn) => {
  const db = program.command('db').description('Look after the database of users and history.')
  for (const [name, description] of COMMANDS) {
    addLogging(db.command(name).description(description))
      .option('--project <folder>', 'folder of the project', '.')
      .action(async (options: { readonly project: string }, command: Command) => {
        warn(command)
        const { database } = await import('../commands/db.ts')
        end(await database(name, options.project, console))
      })
  }
}
