// bot shell: a conversation in the terminal, over the same server that `bot run` starts.

import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { start } from '@tabula/core-server'
import { colorsOf, type Console, print, tell } from '../console.ts'
import { type Button, readReplies, replyLines } from '../output/reply-lines.ts'
import { type ServerFlags, serverOptions } from './server-settings.ts'

export interface ShellFlags extends ServerFlags {
  readonly conversationId?: string
}

const STOP = '/stop'

/** 0 when the person types /stop, or the input ends. */
export async function shell(flags: ShellFlags, console: Console): Promise<number> {
  const options = await serverOptions(flags, console)
  const server = await start({
    ...options,
    port: 0,
    interface: '127.0.0.1',
    credentials: { rest: {} },
    connector: 'rest',
    logLevel: options.logLevel ?? 'warn',
  })
  try {
    const sender = flags.conversationId ?? randomUUID()
    tell(console, `The bot listens. Type a message, or ${STOP} to end.`)
    await converse(console, text => say(`${server.urls.server}/webhooks/rest/webhook`, sender, text))
    return 0
  } finally {
    await server.stop()
  }
}

async function say(url: string, sender: string, message: string): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sender, message }),
  })
  return answer.json()
}

/** Takes line by line, and prints what the bot says to each. The number of a button sends what the button sends. */
async function converse(console: Console, answer: (text: string) => Promise<unknown>): Promise<void> {
  const colors = colorsOf(console)
  const isPerson = console.stdin.isTTY === true && console.isTerminal
  const lines = createInterface({
    input: console.stdin,
    ...(isPerson ? { output: console.stdout, prompt: colors.cyan('You: ') } : {}),
  })
  lines.on('SIGINT', () => {
    lines.close()
  })
  if (isPerson) lines.prompt()
  let buttons: readonly Button[] = []
  for await (const line of lines) {
    const text = line.trim()
    if (text === STOP) break
    if (text !== '') {
      const button = /^\d+$/.test(text) ? buttons[Number(text) - 1] : undefined
      const replies = readReplies(await answer(button?.payload ?? text))
      buttons = replies.flatMap(reply => reply.buttons)
      for (const reply of replyLines(replies)) print(console, isPerson ? colors.green(reply) : reply)
    }
    if (isPerson) lines.prompt()
  }
  lines.close()
}
