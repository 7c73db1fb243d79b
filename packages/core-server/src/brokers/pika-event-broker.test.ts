// Against a real RabbitMQ.

import test from 'ava'
import { connect } from 'amqplib'
import { recordingLog } from '../../test/serve.ts'
import { rabbitProgram, startRabbit } from '../../test/rabbitmq.ts'
import { MemoryEventLog } from '../tracker-store/memory-event-log.ts'
import { EventFeed } from './event-feed.ts'
import { createPikaEventBroker, readPikaSettings } from './pika-event-broker.ts'

const withRabbit = rabbitProgram === null ? test.skip : test

interface Received {
  readonly id: unknown
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
      id: messageId,
      app: appId,
      isPersistent: deliveryMode === 2,
      body: JSON.parse(message.content.toString()) as Received['body'],
    })
  }
  await connection.close()
  return received
}

withRabbit(
  'fault row 38: RabbitMQ is away under load: every event is there later, in order, once but for its id',
  async t => {
    t.timeout(120_000)
    const rabbit = await startRabbit(t)
    const settings = readPikaSettings(
      { url: '127.0.0.1', port: rabbit.port, queues: ['one', 'two'], username: 'guest', password: 'guest' },
      'test',
    )
    const events = new MemoryEventLog(100_000)
    const log = recordingLog()
    const feed = new EventFeed(createPikaEventBroker(settings), events, log, {
      look: 20,
      retry: 50,
      longestRetry: 500,
      claim: 15_000,
    })
    await feed.start()
    let pushed = 0
    const load = setInterval(() => {
      for (let each = 0; each < 5; each += 1) {
        events.push(`sender-${pushed % 7}`, [{ event: 'slot', timestamp: pushed, name: 'n', value: pushed }])
        pushed += 1
      }
    }, 10)
    const wait = (milliseconds: number): Promise<void> =>
      new Promise(resolve => setTimeout(resolve, milliseconds))
    await wait(500)
    await rabbit.stop()
    await wait(1500)
    t.true(feed.failures > 0)
    await rabbit.start()
    await wait(1500)
    clearInterval(load)
    await feed.close()
    for (const queue of ['one', 'two']) {
      const received = await drain(rabbit.port, queue)
      const ids = new Set(received.map(({ id }) => id))
      t.is(ids.size, pushed, `${queue} has every event`)
      for (let sender = 0; sender < 7; sender += 1) {
        const seen = new Set<unknown>()
        const values = received
          .filter(({ body, id }) => {
            const isFirst = body.sender_id === `sender-${sender}` && !seen.has(id)
            if (isFirst) seen.add(id)
            return isFirst
          })
          .map(({ body }) => body.value)
        t.deepEqual(
          values,
          values.toSorted((a, b) => a - b),
        )
      }
      t.true(received.every(({ app, isPersistent }) => app === 'test' && isPersistent))
    }
  },
)
