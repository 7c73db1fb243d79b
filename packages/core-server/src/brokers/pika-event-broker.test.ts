// Against a real RabbitMQ.

import test from 'ava'
import { connect } from 'amqplib'
import { assertArrived, loadThrough } from '../../test/broker-load.ts'
import { rabbitProgram, startRabbit } from '../../test/rabbitmq.ts'
import { createPikaEventBroker, readPikaSettings } from './pika-event-broker.ts'

const withRabbit = rabbitProgram === null ? test.skip : test

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

const wait = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

withRabbit(
  'fault row 38: RabbitMQ is away under load: every event is there later, in order, once but for its id',
  async t => {
    t.timeout(170_000)
    const rabbit = await startRabbit(t)
    const settings = readPikaSettings({ url: '127.0.0.1', port: rabbit.port, queues: ['one', 'two'] }, 'test')
    const pushed = await loadThrough(t, createPikaEventBroker(settings), async feed => {
      await wait(500)
      await rabbit.stop()
      await wait(1500)
      t.true(feed.failures > 0)
      await rabbit.start()
    })
    for (const queue of ['one', 'two']) {
      const received = await drain(rabbit.port, queue)
      assertArrived(
        t,
        received.map(({ id, body }) => ({ id, sender: body.sender_id, value: body.value })),
        pushed,
      )
      t.true(received.every(({ app, isPersistent }) => app === 'test' && isPersistent))
    }
  },
)
