import test from 'ava'
import fc from 'fast-check'
import { parseActionReply } from './parse/parse-action.ts'
import { parseEvent } from './parse/parse-event.ts'
import { parseExactJson, plainJson, WholeFloat } from './whole-float.ts'

test('a float that is a whole number is written as it was read, wherever it stands', t => {
  for (const text of ['{"a":5.0}', '[5.0,5,5.5,"5.0"]', '{"a":[{"b":-3.0}]}', '[-0.0]', '[1e+16]'])
    t.is(JSON.stringify(parseExactJson(text)), text)
  t.is(JSON.stringify(parseExactJson('[1e3, 2.50, 2.00, 10.0]')), '[1000.0,2.5,2.0,10.0]')
})

test('JSON without whole floats is read as ever, and what only looks like one is a text', t => {
  const text = '{"text":"costs: 5.0 or 1e3","id":"3e45.0","time":1700000000.05}'
  t.deepEqual(parseExactJson(text), JSON.parse(text))
  fc.assert(
    fc.property(fc.json(), json => {
      t.deepEqual(plainJson(parseExactJson(json)), JSON.parse(JSON.stringify(JSON.parse(json))))
    }),
  )
})

test('the value of a slot keeps its point; times and confidences are plain numbers', t => {
  const reply = parseActionReply(
    parseExactJson(
      '{"events":[{"event":"slot","name":"price","value":5.0,"timestamp":12.0}],"responses":[]}',
    ),
  )
  t.deepEqual(reply.events, [{ event: 'slot', timestamp: 12, name: 'price', value: new WholeFloat(5) }])
  const user = parseEvent(
    parseExactJson(
      '{"event":"user","text":"x","parse_data":{"intent":{"name":"a","confidence":1.0},"entities":[{"entity":"n","value":2.0,"start":0.0}]}}',
    ),
  )
  t.is(
    JSON.stringify('parse_data' in user ? [user.parse_data.intent, user.parse_data.entities] : null),
    '[{"name":"a","confidence":1},[{"entity":"n","value":2.0,"start":0}]]',
  )
})
