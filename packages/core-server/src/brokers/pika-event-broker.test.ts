// Against a real RabbitMQ.

import test from 'ava'
import { withRabbitAway } from '../../test/away-brokers.ts'
import { rabbitProgram } from '../../test/rabbitmq.ts'

const withRabbit = rabbitProgram === null ? test.skip : test

withRabbit(
  'fault row 38: RabbitMQ is away under load: every event is there later, in order, once but for its id',
  async t => {
    t.timeout(170_000)
    await withRabbitAway(t, 1500)
  },
)
