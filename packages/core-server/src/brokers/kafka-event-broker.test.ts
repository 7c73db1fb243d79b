// Against a real Kafka, where one is at hand (see test/kafka.ts).

import test from 'ava'
import { Kafka, logLevel } from 'kafkajs'
import { assertArrived, loadThrough, type ReceivedEvent } from '../../test/broker-load.ts'
import { kafkaLibs, startKafka } from '../../test/kafka.ts'
import { createKafkaEventBroker, readKafkaSettings } from './kafka-event-broker.ts'

const withKafka = kafkaLibs === null ? test.skip : test

const wait = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

withKafka(
  'fault row 38: Kafka is killed under load: every event is there later, in order, once but for its id',
  async t => {
    t.timeout(180_000)
    const kafka = await startKafka(t)
    const settings = readKafkaSettings(
      { url: kafka.address, topic: 'events', security_protocol: 'PLAINTEXT', partition_by_sender: true },
      'test',
    )
    const pushed = await loadThrough(t, createKafkaEventBroker(settings), async feed => {
      await wait(5000)
      await kafka.kill()
      await wait(2000)
      t.true(feed.failures > 0)
      await kafka.start()
      await wait(5000)
    })
    const received: ReceivedEvent[] = []
    const consumer = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).consumer({
      groupId: 'test',
    })
    await consumer.connect()
    await consumer.subscribe({ topic: 'events', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => {
        const body = JSON.parse(String(message.value)) as { sender_id: string; value: number }
        t.is(String(message.key), body.sender_id)
        t.is(String(message.headers?.['RASA_ENVIRONMENT']), 'test')
        received.push({
          id: String(message.headers?.['event_id']),
          sender: body.sender_id,
          value: body.value,
        })
      },
    })
    for (let before = -1; before !== received.length;) {
      before = received.length
      await wait(2000)
    }
    await consumer.disconnect()
    assertArrived(t, received, pushed)
  },
)
