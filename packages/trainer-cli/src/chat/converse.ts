// A conversation in the terminal: what is typed goes to the bot, what it says is shown; buttons are chosen by number.

import { CodedError } from '@tabula/protocol'
import { colorsOf, type Console } from '../console.ts'
import { type Button, readReplies, replyLines } from '../output/reply-lines.ts'
import { type Asking, InputEnded, Interrupted } from './asking.ts'
import { CHAT_COMMANDS, type ChatCommand, findChatCommand } from './chat-commands.ts'
import type { ConversationClient } from './conversation-client.ts'

export interface Chat {
  /** The conversation that is talked in; it may be another one after a command. */
  readonly client: () => ConversationClient
  readonly asking: Asking
  readonly console: Console
  readonly commands?: Readonly<Record<string, ChatCommand>>
}

/** 0 when the person types /stop or the input ends, 130 after Ctrl-C. */
export async function converse({ client, asking, console, commands = CHAT_COMMANDS }: Chat): Promise<number> {
  const colors = colorsOf(console)
  let buttons: readonly Button[] = []
  try {
    for (;;) {
      const text = await asking.text('You:')
      if (text === '') continue
      const intents = await client().intents()
      const asked =
        text === '/help' && !intents.includes('help')
          ? HELP(commands)
          : findChatCommand(text, intents, commands)
      if (asked !== null) {
        const shown = await asked.command.run(client(), asked.argument, console).catch(asLines)
        for (const line of shown) asking.say(colors.dim(line))
        continue
      }
      const button = /^\d+$/.test(text) ? buttons[Number(text) - 1] : undefined
      const replies = readReplies(await client().say(button?.payload ?? text))
      buttons = replies.flatMap(reply => reply.buttons)
      for (const line of replyLines(replies)) asking.say(asking.isPerson ? colors.green(line) : line)
    }
  } catch (error) {
    if (error instanceof InputEnded) return 0
    if (error instanceof Interrupted) return error.isTyped ? 0 : 130
    throw error
  }
}

function HELP(commands: Readonly<Record<string, ChatCommand>>): { command: ChatCommand; argument: string } {
  const lines = Object.entries(commands).map(([name, { about }]) => `/${name.padEnd(10)} ${about}`)
  return { command: { about: '', run: async () => [...lines, '/stop       end'] }, argument: '' }
}

/** A command that cannot be done says why, and the conversation goes on. */
function asLines(error: unknown): string[] {
  if (error instanceof CodedError) return [error.message]
  if (error instanceof Error && 'code' in error) return [error.message]
  throw error
}
