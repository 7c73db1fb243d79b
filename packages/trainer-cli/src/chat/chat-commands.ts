// What can be asked of a conversation in a terminal beside talking: /slots, /why, /events, /undo, /save-test.

import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { insertEntries } from '@tabula/model'
import type { TrackerEvent } from '@tabula/protocol'
import type { Console } from '../console.ts'
import { writeFiles } from '../output/write-files.ts'
import type { ConversationClient } from './conversation-client.ts'
import { lineOf } from './show-chat.ts'

export interface ChatCommand {
  readonly about: string
  /** The lines to show. */
  readonly run: (client: ConversationClient, argument: string, console: Console) => Promise<readonly string[]>
}

const TEST_FILE = 'tests/test_shell.yml'

export const CHAT_COMMANDS: Readonly<Record<string, ChatCommand>> = {
  slots: {
    about: 'the slots that have a value',
    async run(client) {
      const { slots } = await client.tracker('AFTER_RESTART')
      const filled = Object.entries(slots).filter(([, value]) => value !== null)
      return filled.length === 0
        ? ['No slot has a value.']
        : filled.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    },
  },
  why: {
    about: 'how the last message was understood, and which policies chose what followed',
    async run(client) {
      const { events } = await client.tracker('AFTER_RESTART')
      const all = events ?? []
      const last = all.findLastIndex(({ event }) => event === 'user')
      return last < 0 ? ['Nothing was said yet.'] : whyLines(all.slice(last))
    },
  },
  events: {
    about: 'what has happened, as Rasa keeps it',
    async run(client) {
      const { events } = await client.tracker('AFTER_RESTART')
      return (events ?? []).map(event => JSON.stringify(event))
    },
  },
  undo: {
    about: 'take the last message back, with what followed it',
    async run(client) {
      const { events } = await client.tracker('APPLIED')
      const last = events?.findLast(({ event }) => event === 'user')
      if (last?.event !== 'user') return ['There is no message to take back.']
      await client.append([{ event: 'rewind' }, { event: 'action', name: 'action_listen' }])
      return [`Taken back: ${last.text ?? ''}`]
    },
  },
  'save-test': {
    about: `keep the conversation as a test story, behind those of the file (${TEST_FILE}, or the one named)`,
    async run(client, argument, console) {
      const file = resolve(console.folder, argument === '' ? TEST_FILE : argument)
      const shown = relative(console.folder, file)
      const before = await readFile(file, 'utf8').catch(() => '')
      const section = { key: 'stories', kind: 'list' } as const
      const text = await insertEntries(before, shown, section, [storyLinesOf(await client.story())])
      await writeFiles(console.folder, new Map([[shown, text]]))
      return [`Written to ${shown}; \`bot test\` plays it.`]
    },
  },
}

/** The command that a line names, unless the domain has an intent of that name: then it is a message. */
export function findChatCommand(
  line: string,
  intents: readonly string[],
  commands: Readonly<Record<string, ChatCommand>> = CHAT_COMMANDS,
): { readonly command: ChatCommand; readonly argument: string } | null {
  const [, name = '', argument = ''] = /^\/([\w-]+)(?:\s+(\S+))?$/.exec(line) ?? []
  const command = Object.hasOwn(commands, name) && !intents.includes(name) ? commands[name] : undefined
  return command === undefined ? null : { command, argument }
}

/** The one story of the text, without the dash and the indentation of its list. */
function storyLinesOf(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  return lines.slice(lines.indexOf('stories:') + 1).map(line => line.slice(2))
}

function whyLines(events: readonly TrackerEvent[]): string[] {
  return events.flatMap(event => {
    if (event.event === 'user') {
      const { intent, intent_ranking: all = [] } = event.parse_data
      const ranking = all.length > 0 ? all.slice(0, 3) : [intent]
      const ranked = ranking
        .filter(({ name }) => typeof name === 'string')
        .map(({ name, confidence = 0 }) => `${name ?? ''} ${confidence.toFixed(2)}`)
      const found = event.parse_data.entities.map(({ entity, value }) => `${entity} ${JSON.stringify(value)}`)
      return [
        `"${event.text ?? ''}": ${ranked.length === 0 ? 'no intent' : ranked.join(' | ')}`,
        ...(found.length === 0 ? [] : [`entities: ${found.join(', ')}`]),
      ]
    }
    if (event.event === 'bot') return []
    const line = lineOf(event)
    return line === null ? [] : [line.trim()]
  })
}
