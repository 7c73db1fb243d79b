// What channels need of a server that listens.

import type { Tracker } from '@tabula/dialogue'
import type { Log } from '../telemetry/log.ts'
import type { Channel } from './channel.ts'

/** Tells providers what they must know. The server does not wait for them: one that is away must not keep it from others. */
export function startChannels(channels: readonly Channel[], log: Log): void {
  for (const channel of channels) {
    channel.start?.().catch((err: unknown) => {
      log.error(
        { code: 'channel.start', channel: channel.name, err },
        'A channel could not tell its provider.',
      )
    })
  }
}

/** The text that the bot said last; null where it said none. */
export function lastAnswerOf(tracker: Tracker): string | null {
  const said = tracker.events.findLast(event => event.event === 'bot')
  return said?.text ?? null
}
