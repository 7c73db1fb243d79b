// bot export: stored events to the event brokers of endpoints.yml, as Rasa does.

import { join } from 'node:path'
import { openConversations, openSinks } from '@tabula/core-server'
import { readSettings } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, printJson, tell } from '../console.ts'

export interface ExportFlags {
  readonly endpoints?: string
  readonly minimumTimestamp?: number
  readonly maximumTimestamp?: number
  readonly offsetTimestampsBySeconds?: number
  /** Separated by commas. */
  readonly conversationIds?: string
}

/** 0 where all brokers have all events. Throws CodedError where there is no broker, no such conversation, or nothing to send. */
export async function exportEvents(flags: ExportFlags, console: Console): Promise<number> {
  const {
    minimumTimestamp: from = -Infinity,
    maximumTimestamp: until = Infinity,
    offsetTimestampsBySeconds: offset = 0,
  } = flags
  if (until < from)
    throw new CodedError(
      'export.times',
      `The maximum timestamp ${until} is smaller than the minimum ${from}.`,
    )
  const endpoints =
    (await readSettings(join(console.folder, flags.endpoints ?? 'endpoints.yml'), console.environment)) ?? {}
  const sinks = await openSinks(endpoints, console.environment)
  if (sinks.length === 0)
    throw new CodedError(
      'export.no-broker',
      `${flags.endpoints ?? 'endpoints.yml'} names no event_broker to send events to.`,
    )
  const wanted = flags.conversationIds?.split(',').map(id => id.trim())
  const source = await openConversations(endpoints)
  const found = new Set<string>()
  let count = 0
  try {
    for await (const { sender, events } of source.conversations()) {
      if (wanted !== undefined && !wanted.includes(sender)) continue
      found.add(sender)
      const chosen = events
        .filter(({ timestamp }) => timestamp >= from && timestamp < until)
        .map(event => ({ ...event, timestamp: event.timestamp + offset }))
      for (const sink of sinks) await sink.publish(sender, chosen)
      count += chosen.length
    }
  } finally {
    await source.close()
    for (const sink of sinks) await sink.close()
  }
  const missing = (wanted ?? []).filter(id => !found.has(id))
  if (missing.length > 0) tell(console, `warning: There is no conversation ${missing.join(', ')}.`)
  if (count === 0) throw new CodedError('export.nothing', 'No event was found to send.')
  print(
    console,
    `${count} events of ${found.size} conversations were sent to ${sinks.map(({ name }) => name).join(', ')}.`,
  )
  printJson(console, {
    events: count,
    conversations: found.size,
    brokers: sinks.map(({ name }) => name),
    missing,
  })
  return 0
}
