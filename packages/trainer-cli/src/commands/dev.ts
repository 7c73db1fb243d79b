// bot dev: runs all of a project, trains and reloads what is changed, and talks with the person meanwhile.

import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { Asking } from '../chat/asking.ts'
import { CHAT_COMMANDS, type ChatCommand } from '../chat/chat-commands.ts'
import { converse } from '../chat/converse.ts'
import { type Console, print, tell } from '../console.ts'
import { DevSession } from '../dev/dev-session.ts'
import { watchProject } from '../dev/watch-project.ts'
import type { LoggingFlags } from '../flags.ts'
import { readEnvironment } from '../roles/environment.ts'
import { showAddresses } from '../roles/show-addresses.ts'
import { stopSignal } from '../stopped.ts'

export interface DevFlags extends LoggingFlags {
  readonly project: string
}

/** 0 when the person types /stop or the process is asked to end, 130 after Ctrl-C. */
export async function dev(flags: DevFlags, console: Console): Promise<number> {
  const folder = resolve(console.folder, flags.project)
  const set = await readEnvironment(folder, console)
  // Nobody but its author talks with a bot under development: a key for as long as this runs will do.
  const environment = { ...set, SECRET_KEY: set['SECRET_KEY'] ?? randomBytes(48).toString('base64') }
  const isPerson = console.stdin.isTTY === true && console.isTerminal
  const asking = isPerson ? new Asking(console, { isSilent: true }) : null
  const notice = (text: string): void => {
    if (asking === null) tell(console, text)
    else asking.interject(text)
  }
  const session = new DevSession({ folder, environment, flags, console, notice })
  try {
    await session.start()
    const watcher = watchProject(
      folder,
      files => void session.change(files),
      error => {
        notice(`warning: not all files are watched (${error.message}); start again after a change.`)
      },
    )
    try {
      showAddresses(session.addresses, console)
      print(console, '  Change a file, and the bot is trained and reloaded. Ctrl-C stops everything.')
      if (asking === null) return (await stopSignal()) === 'SIGINT' ? 130 : 0
      print(console, '  Talk with it here; /help says what can be asked besides.\n')
      return await converse({ client: session.client, asking, console, commands: commandsOf(session) })
    } finally {
      watcher.close()
    }
  } finally {
    asking?.close()
    await session.stop()
  }
}

function commandsOf(session: DevSession): Readonly<Record<string, ChatCommand>> {
  return {
    ...CHAT_COMMANDS,
    replay: {
      about: 'say the messages so far again, and show what is answered otherwise now',
      run: () => session.replay(),
    },
  }
}
