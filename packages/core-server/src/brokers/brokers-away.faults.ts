// A minute without a broker, under load: a real RabbitMQ, and a fake that speaks Kafka's wire protocol.

import test from 'ava'
import { withKafkaAway, withRabbitAway } from '../../test/away-brokers.ts'
import { startFakeKafka } from '../../test/fake-kafka.ts'
import { rabbitProgram } from '../../test/rabbitmq.ts'

const withRabbit = rabbitProgram === null ? test.skip : test
const MINUTE = 60_000

withRabbit(
  'fault row 38: RabbitMQ is away for a minute under load: every event is there later, in order, once but for its id',
  async t => {
    t.timeout(280_000)
    await withRabbitAway(t, MINUTE)
  },
)

test('fault row 38: a Kafka (a fake of its wire protocol) is away for a minute under load: every event is there later, in order, once but for its id', async t => {
  t.timeout(280_000)
  await withKafkaAway(t, await startFakeKafka(t), MINUTE)
})
