// The conversation so far, as a person looks at it before saying what comes next.

import { annotate } from '@tabula/model'
import { examplesOfEvents } from '@tabula/model'
import type { TrackerEvent, TrackerState } from '@tabula/protocol'
import { colorsOf, type Console } from '../console.ts'

/** The lines of the chat, and the slots that have a value. */
export function chatLines({ events, slots }: TrackerState, console: Console): string[] {
  const colors = colorsOf(console)
  const lines = (events ?? []).flatMap(event => {
    const shown = lineOf(event)
    if (shown === null) return []
    return [
      event.event === 'user'
        ? colors.cyan(shown)
        : event.event === 'bot'
          ? colors.green(shown)
          : colors.dim(shown),
    ]
  })
  const filled = Object.entries(slots).filter(([, value]) => value !== null)
  return [
    colors.dim('── Chat history '.padEnd(60, '─')),
    ...lines,
    ...(filled.length === 0
      ? []
      : [`Slots: ${filled.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')}`]),
    colors.dim('─'.repeat(60)),
  ]
}

/** The event in a line; null for what says nothing to a person. */
export function lineOf(event: TrackerEvent): string | null {
  switch (event.event) {
    case 'user': {
      const { name, confidence } = event.parse_data.intent as { name?: string | null; confidence?: number }
      return `You: ${annotatedText(event)}   (${name ?? 'no intent'}${confidence === undefined ? '' : ` ${confidence.toFixed(2)}`})`
    }
    case 'bot':
      return [`Bot: ${event.text ?? ''}`, ...buttonLines(event)].join('\n')
    case 'action': {
      if (event.name === 'action_listen' || event.name === 'action_session_start') return null
      const by = event.policy === null ? '' : ` ${event.policy.replace(/^policy_\d+_/, '')}`
      const sure = event.confidence === null ? '' : ` ${event.confidence.toFixed(2)}`
      return `     ${event.name ?? `say "${event.action_text ?? ''}"`}${by}${sure}`
    }
    case 'slot':
      return `     slot ${event.name} = ${JSON.stringify(event.value)}`
    case 'active_loop':
      return `     form ${event.name ?? 'ended'}`
    case 'action_execution_rejected':
      return `     ${event.name} refused`
    default:
      return null
  }
}

/** The words of a message with their entities in brackets. */
export function annotatedText(event: Extract<TrackerEvent, { event: 'user' }>): string {
  const [example] = examplesOfEvents([event])
  return example === undefined ? (event.text ?? '') : annotate(example)
}

function buttonLines({ data }: Extract<TrackerEvent, { event: 'bot' }>): string[] {
  return (data.buttons ?? []).map(
    ({ title, payload }, index) =>
      `       ${index + 1}: ${title ?? ''}${payload === undefined ? '' : ` (${payload})`}`,
  )
}
