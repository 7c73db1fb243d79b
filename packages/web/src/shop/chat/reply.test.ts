import test from 'ava'
import fc from 'fast-check'
import { readReplies } from './reply.ts'

const EMPTY = { text: null, image: null, buttons: [], attachment: null, custom: null }

test('every kind of part that Rasa’s webhook sends has its place', t => {
  const replies = readReplies([
    { recipient_id: 'ann', text: 'Hello', buttons: [{ title: 'Yes', payload: '/affirm' }] },
    { recipient_id: 'ann', image: 'https://shop.example/a.png' },
    { recipient_id: 'ann', attachment: { type: 'file', payload: { url: 'https://shop.example/b.pdf' } } },
    { recipient_id: 'ann', custom: { a: 1 } },
  ])
  t.deepEqual(replies, [
    { ...EMPTY, text: 'Hello', buttons: [{ title: 'Yes', payload: '/affirm', url: null }] },
    { ...EMPTY, image: 'https://shop.example/a.png' },
    { ...EMPTY, attachment: { kind: 'file', url: 'https://shop.example/b.pdf', title: null } },
    { ...EMPTY, custom: '{\n  "a": 1\n}' },
  ])
})

test('a button without a payload says its title, and text in custom JSON is text', t => {
  const [reply] = readReplies([{ custom: { text: 'Look' }, quick_replies: [{ title: 'Yes' }] }]) ?? []
  t.deepEqual(reply, { ...EMPTY, text: 'Look', buttons: [{ title: 'Yes', payload: 'Yes', url: null }] })
})

test('silence is told from an answer that cannot be read', t => {
  t.deepEqual(readReplies([]), [])
  t.is(readReplies({ error: 'x' }), null)
  t.is(readReplies(null), null)
})

test('for every JSON that an action may send, the page goes on', t => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), answer => {
      t.notThrows(() => readReplies(answer))
    }),
  )
})
