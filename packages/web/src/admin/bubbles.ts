// A conversation's events as the page shows them: bubbles, and between them what the bot did.

import { readReplies, summarize } from '../chat/messages/reply.ts'
import type { RasaEvent } from './types.ts'

export interface Bubble {
  /** Number of its event in the whole conversation. */
  readonly number: number
  readonly from: 'user' | 'bot' | 'human'
  readonly at: number
  readonly text: string
  /** Buttons and the like, in a line each. */
  readonly extras: readonly string[]
  /** What the visitor thought of this answer. */
  readonly vote: 'up' | 'down' | null
  /** Events from this bubble to the next. */
  readonly after: readonly RasaEvent[]
}

/** Events before the first bubble belong to none and are left out; their number is in the whole conversation. */
export function toBubbles(events: readonly RasaEvent[], first: number): readonly Bubble[] {
  const bubbles: (Omit<Bubble, 'after'> & { readonly after: RasaEvent[] })[] = []
  const votes = votesIn(events)
  events.forEach((event, at) => {
    const from = speakerOf(event)
    if (from === null) {
      bubbles.at(-1)?.after.push(event)
      return
    }
    const extras = from === 'user' ? [] : extrasOf(event)
    const text = event.text ?? ''
    const number = first + at
    const vote = votes.get(number) ?? null
    bubbles.push({ number, from, at: event.timestamp ?? 0, text, extras, vote, after: [] })
  })
  return bubbles
}

/** The votes by the number of the answer that each is about, the last one of it. */
function votesIn(events: readonly RasaEvent[]): ReadonlyMap<number, 'up' | 'down'> {
  const votes = new Map<number, 'up' | 'down'>()
  for (const { event, name, value } of events) {
    if (event !== 'slot' || name !== 'vote' || value === null || typeof value !== 'object') continue
    const { vote, about } = value as { readonly vote?: unknown; readonly about?: unknown }
    if ((vote === 'up' || vote === 'down') && typeof about === 'number') votes.set(about, vote)
  }
  return votes
}

function speakerOf({ event, metadata }: RasaEvent): Bubble['from'] | null {
  if (event === 'user') return 'user'
  if (event === 'agent') return 'human'
  if (event !== 'bot') return null
  return metadata?.['human'] === true ? 'human' : 'bot'
}

function extrasOf({ data }: RasaEvent): readonly string[] {
  return readReplies(null, data).flatMap(reply =>
    reply.flatMap(part => {
      if (part.kind === 'choices') return part.choices.map(({ title }) => `[${title}]`)
      if (part.kind === 'custom') return [JSON.stringify(part.data)]
      return 'url' in part ? [`${part.kind}: ${part.url}`] : [summarize([part])]
    }),
  )
}

/** One line that says what the event did. */
export function describeEvent({ event, name, value, policy, confidence }: RasaEvent): string {
  switch (event) {
    case 'slot':
      return `slot ${name ?? ''} = ${JSON.stringify(value ?? null)}`
    case 'action':
      return `${name ?? 'action'}${policy === null || policy === undefined ? '' : ` (${policy}${confidence === null || confidence === undefined ? '' : ` ${confidence.toFixed(2)}`})`}`
    case 'active_loop':
      return name === null || name === undefined ? 'form ended' : `form ${name}`
    case 'followup':
      return `next: ${name ?? ''}`
    default:
      return event.replaceAll('_', ' ')
  }
}
