// bot shell: a conversation in the terminal, over the same server that `bot run` starts.

import { randomUUID } from 'node:crypto'
import { type ServerOptions, start } from '@tabula/core-server'
import { Asking } from '../chat/asking.ts'
import { ConversationClient } from '../chat/conversation-client.ts'
import { converse } from '../chat/converse.ts'
import { type Console, tell } from '../console.ts'
import { type ServerFlags, serverOptions } from './server-settings.ts'

export interface ShellFlags extends ServerFlags {
  readonly conversationId?: string
}

/** 0 when the person types /stop or the input ends, 130 after Ctrl-C. */
export async function shell(flags: ShellFlags, console: Console): Promise<number> {
  const options = await serverOptions(flags, console)
  const server = await start({
    ...withoutProtection(options),
    port: 0,
    interface: '127.0.0.1',
    credentials: { rest: {} },
    connector: 'rest',
    enableApi: true,
    logLevel: options.logLevel ?? 'error',
  })
  const asking = new Asking(console, { isSilent: true })
  try {
    const client = new ConversationClient(
      server.urls.server,
      flags.conversationId ?? randomUUID(),
      flags.authToken,
    )
    tell(console, 'The bot listens. Type a message, /help for what can be asked besides, or /stop to end.')
    return await converse({ client: () => client, asking, console })
  } finally {
    asking.close()
    await server.stop()
  }
}

/** Only this process talks to the server, over loopback: it needs no certificate and no tokens of others. */
function withoutProtection(options: ServerOptions): ServerOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'tls' && name !== 'jwt'))
}
