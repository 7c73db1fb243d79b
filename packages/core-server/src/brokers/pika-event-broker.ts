// RabbitMQ (`type: pika`, Rasa's default): a fanout exchange with durable queues, persistent messages, each confirmed.

import type { ChannelModel, ConfirmChannel } from 'amqplib'
import { CodedError } from '@tabula/protocol'
import { type EventBroker, payloadOf } from './event-broker.ts'

export interface PikaSettings {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly port: number
  readonly queues: readonly string[]
  readonly exchange: string
  /** RASA_ENVIRONMENT, which Rasa sends as the message's app id. */
  readonly environment: string
}

/** Rasa's settings under its keys. Throws CodedError `endpoints.broker` where the host is missing. */
export function readPikaSettings(
  settings: Readonly<Record<string, unknown>>,
  environment: string,
): PikaSettings {
  const { url, username, password, port = 5672, queues, exchange_name: exchange = 'rasa-exchange' } = settings
  if (typeof url !== 'string' || url === '')
    throw new CodedError('endpoints.broker', 'endpoints.yml: event_broker needs url, the host of RabbitMQ.', {
      status: 400,
    })
  const named = Array.isArray(queues) ? queues.map(String) : typeof queues === 'string' ? [queues] : []
  return {
    url,
    username: typeof username === 'string' ? username : 'guest',
    password: typeof password === 'string' ? password : 'guest',
    port: Number(port),
    queues: named.length === 0 ? ['rasa_core_events'] : named,
    exchange: typeof exchange === 'string' ? exchange : 'rasa-exchange',
    environment,
  }
}

export function createPikaEventBroker(settings: PikaSettings): EventBroker {
  const { exchange, environment } = settings
  let opened: { readonly connection: ChannelModel; readonly channel: ConfirmChannel } | null = null
  return {
    name: `pika ${exchange}@${settings.url}:${settings.port}`,
    async publish(entries) {
      opened ??= await open(settings, () => {
        opened = null
      })
      const { channel } = opened
      for (const entry of entries) {
        channel.publish(exchange, '', Buffer.from(JSON.stringify(payloadOf(entry))), {
          persistent: true,
          appId: environment,
          messageId: entry.id,
          contentType: 'application/json',
        })
      }
      await channel.waitForConfirms()
    },
    async close() {
      await opened?.connection.close().catch(() => undefined)
    },
  }
}

async function open(
  settings: PikaSettings,
  onEnd: () => void,
): Promise<{ readonly connection: ChannelModel; readonly channel: ConfirmChannel }> {
  const { connect } = await import('amqplib')
  const { url, username, password, port, queues, exchange } = settings
  const isAddress = url.includes('://')
  const connection = await connect(
    isAddress ? url : { hostname: url, port, username, password, protocol: 'amqp', heartbeat: 10 },
    { timeout: 10_000 },
  )
  // Without a listener an error would end the process; the next publish connects anew.
  connection.on('error', onEnd)
  connection.on('close', onEnd)
  const channel = await connection.createConfirmChannel()
  channel.on('error', onEnd)
  await channel.assertExchange(exchange, 'fanout', { durable: false })
  for (const queue of queues) {
    await channel.assertQueue(queue, { durable: true })
    await channel.bindQueue(queue, exchange, '')
  }
  return { connection, channel }
}
