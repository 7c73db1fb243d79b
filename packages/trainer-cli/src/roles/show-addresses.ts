// Where a person finds the parts of a bot that runs.

import { colorsOf, type Console, print } from '../console.ts'
import type { Addresses } from './start-roles.ts'

export function showAddresses({ shop, server, actions }: Addresses, console: Console): void {
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
}
