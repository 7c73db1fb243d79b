import test from 'ava'
import fc from 'fast-check'
import type { LoggedEvent } from '@tabula/protocol'
import { parseStoredEvent } from './event-row.ts'
import { newTail, tailTime, turnEvents, writeTurn } from './turn-text.ts'

const shared = { model_id: 'm', assistant_id: 'a' }
const anyMetadata = fc.oneof(
  fc.constant(shared),
  fc.constant(undefined),
  fc.dictionary(fc.string(), fc.jsonValue()),
)
const anyEvent = fc
  .record({
    timestamp: fc.integer(),
    metadata: anyMetadata,
    value: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
  })
  .map(fields => JSON.parse(JSON.stringify({ event: 'slot', name: 'x', ...fields })) as LoggedEvent)
  // Such a name is refused at the door.
  .filter(event => !JSON.stringify(event).includes('__proto__'))

test('for every turn, each event comes back as if it had been kept alone', t => {
  fc.assert(
    fc.property(fc.array(anyEvent), events => {
      const alone = events.map(event => parseStoredEvent(JSON.stringify(event)))
      t.deepEqual(turnEvents(writeTurn('tail', events)), alone)
    }),
  )
})

test('what a user writes cannot pass for shared metadata, at whatever place', t => {
  const text = '"metadata":= \n= "metadata":{"model_id":"m","assistant_id":"a"} $& $1'
  const nested = { ...shared, more: { metadata: shared, text } }
  const events = [text, nested].map(value => ({
    ...({ event: 'slot', timestamp: 1, name: 'x', value, metadata: shared } as const),
  })) as LoggedEvent[]
  t.deepEqual(turnEvents(writeTurn('tail', events)), events)
})

test('turns that an earlier version stored, each event with its own metadata, are read as before', t => {
  const event = '{"event":"bot","timestamp":1,"metadata":{"model_id":"m"},"text":"\\u00e9","data":{}}'
  t.is(
    turnEvents(`tail\n${event}\n${event}`)
      .map(each => JSON.stringify(each))
      .join(),
    [event, event].join().replaceAll('\\u00e9', 'é'),
  )
})

test('what events of one turn share is kept once', t => {
  const events = Array.from(
    { length: 5 },
    () => ({ event: 'restart', timestamp: 1, metadata: shared }) as const,
  )
  t.is(writeTurn('tail', events).split('model_id').length, 2)
})

test('no two appends have one mark, and each tells when it was', t => {
  const before = Math.floor(Date.now() / 1000)
  const tails = Array.from({ length: 2_000 }, newTail)
  t.is(new Set(tails).size, 2_000)
  t.true(tails.every(tail => tail.length === 22))
  t.true(tails.map(tailTime).every(time => time !== null && time >= before && time <= before + 60))
  t.is(tailTime('AAAAAAAAAAAAAAAA'), null, 'of an earlier version')
  t.is(tailTime(''), null)
})
