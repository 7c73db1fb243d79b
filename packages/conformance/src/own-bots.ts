// The small bots of this package, one a room of the dialogue, recorded with real Rasa 3.6.21.

import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HeldBot } from './hold-bot.ts'

const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bots')

/** The bot that the HTTP API is probed with; nobody talks to it. */
export const API_BOT = 'http-api'

export const OWN_BOTS: readonly string[] = readdirSync(FOLDER)
  .filter(name => name !== API_BOT)
  .sort()

/** Where a bot and what was recorded of it lie. */
export function ownBot(name: string): HeldBot {
  const project = join(FOLDER, name)
  return { project, config: join(project, 'config.yml'), golden: join(project, 'bot.golden.json') }
}
