// What was said in a conversation, out of its events: the bubbles that visitors and admins see.

import type { LoggedEvent } from '@tabula/protocol'
import type { Speaker } from './history-types.ts'

export interface Said {
  /** Number of the event in the whole conversation. */
  readonly number: number
  readonly time: number
  readonly from: Speaker
  readonly text: string | null
  readonly message_id?: string
  /** Of a bot's message: its buttons, image and the like, those that are set. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** Messages in order. What the bot was told behind the user's back (`/intent`, `EXTERNAL:`) is no message of the user. */
export function transcript(events: readonly LoggedEvent[]): readonly Said[] {
  const said: Said[] = []
  events.forEach((event, number) => {
    const message = saidBy(event, number)
    if (message !== null) said.push(message)
  })
  return said
}

/** The message of one event, null for an event that is none. */
export function saidBy(event: LoggedEvent, number: number): Said | null {
  const time = event.timestamp
  if (event.event === 'user') {
    if (isExternal(event)) return null
    const id = event.message_id === null ? {} : { message_id: event.message_id }
    return { number, time, from: 'user', text: event.text, ...id }
  }
  if (event.event === 'agent') return { number, time, from: 'human', text: event.text }
  if (event.event !== 'bot') return null
  const data = Object.fromEntries(Object.entries(event.data).filter(([, value]) => isSet(value)))
  const from = event.metadata?.['human'] === true ? 'human' : 'bot'
  return { number, time, from, text: event.text, ...(Object.keys(data).length === 0 ? {} : { data }) }
}

/** Whether an intent was triggered from outside: Rasa writes it as a message that nobody wrote. */
export function isExternal(event: LoggedEvent & { readonly event: 'user' }): boolean {
  return event.metadata?.['is_external'] === true || (event.text?.startsWith('EXTERNAL: ') ?? false)
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)
}
