// bot migrate store --to rasa: leaves every stored conversation where Rasa reads it.

import { join } from 'node:path'
import { openConversations } from '@tabula/core-server'
import { readSettings } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, printJson } from '../console.ts'

export interface MigrateStoreFlags {
  readonly endpoints?: string
}

/** 0 when all are there. Throws CodedError `migrate.no-store` where endpoints.yml keeps conversations in memory. */
export async function migrateStore(flags: MigrateStoreFlags, console: Console): Promise<number> {
  const file = flags.endpoints ?? 'endpoints.yml'
  const endpoints = (await readSettings(join(console.folder, file), console.environment)) ?? {}
  const entry: unknown = endpoints['tracker_store']
  if (typeof entry !== 'object' || entry === null)
    throw new CodedError(
      'migrate.no-store',
      `${file} names no tracker_store: conversations in memory end with their process, and Rasa cannot read them.`,
    )
  const source = await openConversations(endpoints)
  let conversations = 0
  let count = 0
  try {
    for await (const { sender, events } of source.conversations()) {
      await source.leaveToRasa(sender)
      conversations += 1
      count += events.length
    }
  } finally {
    await source.close()
  }
  print(console, `${conversations} conversations with ${count} events are where Rasa reads them.`)
  printJson(console, { conversations, events: count })
  return 0
}
