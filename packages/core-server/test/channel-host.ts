// For tests: a server around one channel, with a bot that answers as it is told.

import type { ExecutionContext } from 'ava'
import { Router } from '@koa/router'
import { CodedError } from '@tabula/protocol'
import type { BotMessage, UserMessage } from '@tabula/protocol'
import { createAccept } from '../src/channels/accept.ts'
import type { Channel, ChannelHost, CreateChannel, OutputChannel } from '../src/channels/channel.ts'
import { createApp } from '../src/http/create-app.ts'
import { otherBody } from '../src/tracker-store/message-ledger.ts'
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
  const told = new Map<string, { readonly text: string | null; readonly answers: Promise<BotMessage[]> }>()
  const answersTo = async (
    message: UserMessage,
    send: (answer: BotMessage) => Promise<void>,
  ): Promise<BotMessage[]> => {
    seen.push(message)
    const answers: BotMessage[] = []
    await respond?.(message, async answer => {
      answers.push(answer)
      await send(answer)
    })
    return answers
  }
  /** Whether it is a repeat: one under an id that has worked before gives the same answers again. */
  const once = async (
    message: UserMessage,
    id: string | null,
    { channel, output, isReply }: { channel: string | null; output: OutputChannel; isReply: boolean },
  ): Promise<boolean> => {
    const send = async (answer: BotMessage): Promise<void> => {
      await output.send(message.senderId, answer)
    }
    const key = JSON.stringify([channel, message.senderId, id])
    const known = id === null ? undefined : told.get(key)
    if (known !== undefined) {
      if (known.text !== message.text) throw otherBody(message.senderId)
      for (const answer of await known.answers) if (isReply) await send(answer)
      return true
    }
    const answers = answersTo(message, send)
    if (id !== null) told.set(key, { text: message.text, answers })
    try {
      await answers
    } catch (error) {
      told.delete(key)
      throw error
    }
    return false
  }
  const take: ChannelHost['take'] = async (channel, { message, id, address }) => {
    const parts = { channel: channel.name, output: channel.reach(address), isReply: false }
    const turn = once(message, id, parts)
    // A server refuses before it stores, and says of a turn that fails afterwards only its log.
    const early = await Promise.race([turn.catch(asRefusal), pause(5)])
    const done = turn.then(
      () => 'over' as const,
      (err: unknown) => {
        log.error({ code: 'channel.turn-failed', channel: channel.name, err }, 'A message was not handled.')
        return err instanceof CodedError && err.status === 503 ? 'waits' : 'over'
      },
    )
    return { isRepeat: early, done }
  }
  return {
    seen,
    log,
    async handle(message, output, id = null) {
      await once(message, id, { channel: message.inputChannel, output, isReply: true })
    },
    take,
    accept: createAccept({ acknowledgeAfter, take }),
    async repliesTo(channel, { senderId }, id) {
      return (await told.get(JSON.stringify([channel.name, senderId, id]))?.answers) ?? []
    },
    lastAnswer: async () => lastAnswer ?? null,
    origins: [],
  }
}

function asRefusal(error: unknown): boolean {
  if (error instanceof CodedError && [422, 429, 503].includes(error.status)) throw error
  return false
}

const pause = (milliseconds: number): Promise<boolean> =>
  new Promise(resolve => setTimeout(resolve, milliseconds, false))

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
