// For tests: real brokers, or a fake of one, that are away under load, and what must have arrived when they are back.

import type { ExecutionContext } from 'ava'
import { connect } from 'amqplib'
import type { EventBroker } from '../src/brokers/event-broker.ts'
import type { EventFeed } from '../src/brokers/event-feed.ts'
import { createKafkaEventBroker, readKafkaSettings } from '../src/brokers/kafka-event-broker.ts'
import { createPikaEventBroker, readPikaSettings } from '../src/brokers/pika-event-broker.ts'
import { assertArrived, loadThrough } from './broker-load.ts'
import type { KafkaServer } from './kafka.ts'
import { startRabbit } from './rabbitmq.ts'

/** Events carry it in Rasa’s place for it. */
const ENVIRONMENT = 'test'

const wait = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

/** Beside tests that measure times a minute of load is a light one: 100 events a second, and five times that for seconds. */
const atOnce = (away: number): number => (away < 10_000 ? 5 : 1)

/** How many events went to the broker while it was taken away for so many milliseconds and came back. */
async function loadWhileAway(
  t: ExecutionContext,
  broker: EventBroker,
  server: { readonly leave: () => Promise<void>; readonly comeBack: () => Promise<void> },
  away: number,
): Promise<number> {
  const isAway = async (feed: EventFeed): Promise<void> => {
    await wait(2000)
    await server.leave()
    await wait(away)
    t.true(feed.failures > 0)
    await server.comeBack()
    await wait(2000)
  }
  return loadThrough(t, broker, isAway, atOnce(away))
}

/** A RabbitMQ of the test's own with two queues is stopped for so many milliseconds. */
export async function withRabbitAway(t: ExecutionContext, away: number): Promise<void> {
  const rabbit = await startRabbit(t)
  const queues = ['one', 'two']
  const settings = readPikaSettings({ url: '127.0.0.1', port: rabbit.port, queues }, ENVIRONMENT)
  const server = { leave: () => rabbit.stop(), comeBack: () => rabbit.start() }
  const pushed = await loadWhileAway(t, createPikaEventBroker(settings), server, away)
  for (const queue of queues) {
    const received = await drain(rabbit.port, queue)
    assertArrived(
      t,
      received.map(({ id, body }) => ({ id, sender: body.sender_id, value: body.value })),
      pushed,
    )
    t.true(received.every(({ app, isPersistent }) => app === ENVIRONMENT && isPersistent))
  }
}

/** The Kafka is killed and gone for so many milliseconds. */
export async function withKafkaAway(t: ExecutionContext, kafka: KafkaServer, away: number): Promise<void> {
  const settings = readKafkaSettings(
    { url: kafka.address, topic: 'events', security_protocol: 'PLAINTEXT', partition_by_sender: true },
    ENVIRONMENT,
  )
  const server = { leave: () => kafka.kill(), comeBack: () => kafka.start() }
  const pushed = await loadWhileAway(t, createKafkaEventBroker(settings), server, away)
  const received = (await kafka.read('events')).map(({ key, value, headers }) => {
    const body = JSON.parse(String(value)) as { sender_id: string; value: number }
    t.is(key, body.sender_id)
    t.is(headers['RASA_ENVIRONMENT'], ENVIRONMENT)
    return { id: headers['event_id'] ?? '', sender: body.sender_id, value: body.value }
  })
  assertArrived(t, received, pushed)
}

interface Received {
  readonly id: string
  readonly app: unknown
  readonly isPersistent: boolean
  readonly body: { readonly sender_id: string; readonly value: number }
}

async function drain(port: number, queue: string): Promise<Received[]> {
  const connection = await connect({ hostname: '127.0.0.1', port })
  const channel = await connection.createChannel()
  const received: Received[] = []
  for (;;) {
    const message = await channel.get(queue, { noAck: true })
    if (message === false) break
    const { messageId, appId, deliveryMode } = message.properties as {
      messageId: unknown
      appId: unknown
      deliveryMode: unknown
    }
    received.push({
      id: String(messageId),
      app: appId,
      isPersistent: deliveryMode === 2,
      body: JSON.parse(message.content.toString()) as Received['body'],
    })
  }
  await connection.close()
  return received
}
