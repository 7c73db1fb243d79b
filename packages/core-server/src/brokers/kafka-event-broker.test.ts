// Against a fake that speaks Kafka's wire protocol (test/fake-kafka.ts), and against a real Kafka where one is at hand (test/kafka.ts).

import test from 'ava'
import { withKafkaAway } from '../../test/away-brokers.ts'
import { startFakeKafka } from '../../test/fake-kafka.ts'
import { kafkaLibs, startKafka } from '../../test/kafka.ts'
import type { LogEntry } from '../tracker-store/event-log.ts'
import { createKafkaEventBroker, readKafkaSettings } from './kafka-event-broker.ts'

const withKafka = kafkaLibs === null ? test.skip : test

const entryOf = (id: string, sender: string): LogEntry => ({
  id,
  sender,
  event: { event: 'slot', timestamp: 1, name: 'n', value: 'é' },
})

withKafka(
  'fault row 38: a real Kafka is killed under load: every event is there later, in order, once but for its id',
  async t => {
    t.timeout(180_000)
    await withKafkaAway(t, await startKafka(t), 5000)
  },
)

test('fault row 38: a Kafka (a fake of its wire protocol) that is killed under load, and cuts answers to what it wrote, has every event later, in order, once but for its id', async t => {
  t.timeout(180_000)
  const kafka = await startFakeKafka(t)
  kafka.cutAnswers(5)
  await withKafkaAway(t, kafka, 5000)
  const ids = (await kafka.read('events')).map(({ headers }) => headers['event_id'])
  t.true(ids.length > new Set(ids).size, 'what was written and not answered is there again, under its id')
})

test('events of one sender stay in one partition where the sender is the key, and without a key they carry none', async t => {
  const kafka = await startFakeKafka(t)
  const url = kafka.address
  for (const [topic, isKeyed] of [
    ['keyed', true],
    ['bare', false],
  ] as const) {
    const settings = { url, topic, security_protocol: 'PLAINTEXT', partition_by_sender: isKeyed }
    const broker = createKafkaEventBroker(readKafkaSettings(settings, 'test'))
    t.teardown(() => broker.close())
    const entries = Array.from({ length: 40 }, (_, each) => entryOf(String(each), `s${each % 4}`))
    await tries(() => broker.publish(entries))
    const records = await kafka.read(topic)
    t.is(records.length, 40)
    const places = new Set(records.map(({ key, partition }) => `${String(key)}@${partition}`))
    t.is(new Set(records.map(({ key }) => key)).size, isKeyed ? 4 : 1)
    if (isKeyed) t.is(places.size, 4, 'each sender has one partition')
    else t.true(records.every(({ key }) => key === null))
    t.deepEqual(JSON.parse(String(records[0]?.value)), {
      sender_id: `s${Number(records[0]?.headers['event_id']) % 4}`,
      event: 'slot',
      timestamp: 1,
      name: 'n',
      value: 'é',
    })
  }
})

test('SASL_PLAINTEXT, Rasa’s default: the right password writes, a wrong one is an error and writes nothing', async t => {
  const kafka = await startFakeKafka(t, { username: 'shop', password: 'pencils' })
  const brokerOf = (password: string) =>
    createKafkaEventBroker(
      readKafkaSettings({ url: [kafka.address], sasl_username: 'shop', sasl_password: password }, 'test'),
    )
  const [right, wrong] = [brokerOf('pencils'), brokerOf('pens')]
  t.teardown(() => Promise.all([right.close(), wrong.close()]))
  await t.throwsAsync(wrong.publish([entryOf('1', 'ann')]), { message: /password/i })
  t.deepEqual(await kafka.read('rasa_core_events'), [])
  await tries(() => right.publish([entryOf('2', 'ann')]))
  t.deepEqual(
    (await kafka.read('rasa_core_events')).map(({ headers }) => headers['event_id']),
    ['2'],
  )
})

/** A new topic is being made when it is first asked for: as the feed, it asks again. */
async function tries(publish: () => Promise<void>): Promise<void> {
  try {
    await publish()
  } catch {
    await publish()
  }
}
