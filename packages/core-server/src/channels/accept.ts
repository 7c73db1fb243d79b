// Takes messages of providers: each has one effect, its turn may last, and the provider is told in time.

import { CodedError } from '@tabula/protocol'
import type { UserMessage } from '@tabula/protocol'
import type { Deliveries } from '../inbox/deliveries.ts'
import type { Log } from '../telemetry/log.ts'
import type { ChannelHost, OutputChannel } from './channel.ts'

export interface AcceptParts {
  readonly handle: (message: UserMessage, output: OutputChannel) => Promise<void>
  readonly deliveries: Deliveries
  readonly log: Log
  /** Milliseconds after which a provider is told that the message is here though its turn goes on. */
  readonly acknowledgeAfter: number
}

export function createAccept({
  handle,
  deliveries,
  log,
  acknowledgeAfter,
}: AcceptParts): ChannelHost['accept'] {
  return async function accept(channel, { message, id, address }) {
    const turn = async (): Promise<null> => {
      await handle(message, channel.reach(address))
      return null
    }
    const key = { channel: channel.name, sender: message.senderId }
    const work =
      id === null
        ? turn().then(() => false)
        : deliveries.once({ ...key, id }, message.text ?? '', turn).then(({ isRepeat }) => isRepeat)
    // A refusal reaches the provider, so that it comes again; a turn that failed would fail again.
    const settled = work.catch((error: unknown) => {
      if (error instanceof CodedError && [422, 429, 503].includes(error.status)) throw error
      log.error({ code: 'channel.turn-failed', ...key, err: error }, 'A message was not handled.')
      return false
    })
    return Promise.race([settled, after(acknowledgeAfter, settled)])
  }
}

/** False after so many milliseconds; the timer does not outlive the work. */
async function after(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds, false)
    const stop = (): void => {
      clearTimeout(timer)
    }
    work.then(stop, stop)
  })
}
