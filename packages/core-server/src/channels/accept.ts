// Takes messages of providers: each is stored before the provider is told, and its turn may last.

import type { ChannelHost } from './channel.ts'

export interface AcceptParts {
  readonly take: ChannelHost['take']
  /** Milliseconds after which a provider is told that the message is here though its turn goes on. */
  readonly acknowledgeAfter: number
}

export function createAccept({ take, acknowledgeAfter }: AcceptParts): ChannelHost['accept'] {
  return async function accept(channel, delivery) {
    const { isRepeat, done } = await take(channel, delivery)
    await Promise.race([done, after(acknowledgeAfter, done)])
    return isRepeat
  }
}

/** Resolves after so many milliseconds; the timer does not outlive the work. */
async function after(milliseconds: number, work: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    const stop = (): void => {
      clearTimeout(timer)
    }
    work.then(stop, stop)
  })
}
