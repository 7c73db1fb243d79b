import test from 'ava'
import { parseBotMessage, parseParseData, parseUserMessageBody } from './parse-message.ts'

test('widgets of every age are understood: sender missing, null, empty or a number', t => {
  for (const sender of [undefined, null, ''])
    t.is(parseUserMessageBody({ sender, message: 'hi' }).sender, 'default')
  t.is(parseUserMessageBody({ sender: 42, message: 'hi' }).sender, '42')
  t.deepEqual(
    parseUserMessageBody({ sender: 'a', message: 'hi', metadata: { x: 1 }, input_channel: 'web' }),
    {
      sender: 'a',
      text: 'hi',
      metadata: { x: 1 },
      inputChannel: 'web',
    },
  )
})

test('a message that is no text has no answer, and is no error', t => {
  t.is(parseUserMessageBody({ message: null }).text, null)
  t.is(parseUserMessageBody({ message: 5 }).text, null)
  t.is(parseUserMessageBody({}).text, null)
})

test('what is no message at all is refused with 400, what is too long with 413', t => {
  for (const body of [null, [], 'hi', { sender: {} }, { sender: 'x'.repeat(256) }]) {
    t.throws(() => parseUserMessageBody(body), { code: 'input.invalid' })
  }
  t.throws(() => parseUserMessageBody({ message: 'ü'.repeat(40_000) }), { code: 'input.too-large' })
  t.throws(() => parseUserMessageBody({ message: 'a\ud800' }), { message: /surrogate/ })
  const keys = Object.fromEntries(Array.from({ length: 10_001 }, (_, key) => [`k${key}`, 1]))
  t.throws(() => parseUserMessageBody({ message: 'a', metadata: keys }), { code: 'input.too-large' })
})

test("an action's text that is a number is said as text", t => {
  t.deepEqual(parseBotMessage({ text: 5, id: 'x' }), { text: '5', id: 'x' })
  t.throws(() => parseBotMessage({ buttons: ['yes'] }), { message: /\/buttons\/0/ })
})

test('a parse result from elsewhere always has an intent and entities', t => {
  t.deepEqual(parseParseData({ text: 'a' }), { intent: {}, entities: [], text: 'a' })
})
