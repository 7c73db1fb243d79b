// For tests: a server around one channel, with a bot that answers as it is told.

import type { ExecutionContext } from 'ava'
import { Router } from '@koa/router'
import type { BotMessage, UserMessage } from '@tabula/protocol'
import { createAccept } from '../src/channels/accept.ts'
import type { Channel, ChannelHost, CreateChannel } from '../src/channels/channel.ts'
import { createApp } from '../src/http/create-app.ts'
import { MemoryDeliveries } from '../src/inbox/memory-deliveries.ts'
import { recordingLog, serve } from './serve.ts'
import type { Call } from './serve.ts'

export type Respond = (
  message: UserMessage,
  send: (answer: BotMessage) => Promise<void>,
) => Promise<void> | void

export interface HostParts {
  readonly respond?: Respond
  readonly lastAnswer?: string
  readonly acknowledgeAfter?: number
}

export interface TestHost extends ChannelHost {
  readonly seen: UserMessage[]
  readonly log: ReturnType<typeof recordingLog>
}

export function channelHost({ respond, lastAnswer, acknowledgeAfter = 2000 }: HostParts = {}): TestHost {
  const seen: UserMessage[] = []
  const log = recordingLog()
  const handle: ChannelHost['handle'] = async (message, output) => {
    seen.push(message)
    await respond?.(message, async answer => {
      await output.send(message.senderId, answer)
    })
  }
  const deliveries = new MemoryDeliveries({ knownDeliveries: 1000, deliveryLife: 60_000 })
  return {
    seen,
    log,
    handle,
    deliveries,
    accept: createAccept({ handle, deliveries, log, acknowledgeAfter }),
    lastAnswer: async () => lastAnswer ?? null,
    origins: [],
  }
}

export interface ServedChannel extends TestHost {
  readonly call: Call
  readonly channel: Channel
}

/** Serves the channel until the test ends. */
export async function serveChannel(
  t: ExecutionContext,
  create: CreateChannel,
  settings: Readonly<Record<string, unknown>>,
  parts: HostParts = {},
): Promise<ServedChannel> {
  const host = channelHost(parts)
  const channel = create(settings, host)
  const router = new Router()
  channel.mount(router)
  const app = createApp({ log: host.log, router }).callback()
  const call = await serve(t, (request, response) => void app(request, response))
  await channel.start?.()
  t.teardown(() => channel.close?.())
  return { ...host, call, channel }
}
