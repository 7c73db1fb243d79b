import test from 'ava'
import fc from 'fast-check'
import type { Conversation } from './conversation.ts'
import { addEntries, newConversation, newUserEntry, readConversation } from './conversation.ts'
import { lastNumber, mergeHistory, readHistory } from './merge-history.ts'

const asked = (id: string, text: string): ReturnType<typeof newUserEntry> => ({
  ...newUserEntry({ text, payload: text }, id, 1_000),
  delivery: 'sent',
})
const told = (from: string, number: number, text: string, message_id: string | null = null): unknown => ({
  ...{ from, number, text, message_id },
  time: number,
})
const words = ({ entries }: Conversation): readonly string[] =>
  entries.map(entry => (entry.from === 'user' ? entry.text : JSON.stringify(entry.reply)))

test('a message is shown once, whether the server keeps the widget’s id or gives one of its own', t => {
  for (const id of ['m1', 'another']) {
    const conversation = addEntries(newConversation(0), [asked('m1', 'hi')])
    const merged = mergeHistory(conversation, readHistory({ messages: [told('user', 1, 'hi ', id)] }), true)
    t.deepEqual(words(merged), ['hi'])
    t.is(lastNumber(merged), 1)
  }
})

test('the same words said twice are two messages', t => {
  const conversation = addEntries(newConversation(0), [asked('m1', 'hi'), asked('m2', 'hi')])
  const past = readHistory({ messages: [told('user', 1, 'hi'), told('user', 3, 'hi')] })
  t.deepEqual(words(mergeHistory(conversation, past, true)), ['hi', 'hi'])
})

test('told any number of times and in any pieces, the history gives one conversation in its order', t => {
  const messages = Array.from({ length: 12 }, (_, number) =>
    told(number % 3 === 0 ? 'user' : 'bot', number, `text ${number}\n\nmore`, `id-${number}`),
  )
  const whole = mergeHistory(newConversation(0), readHistory({ messages }), true)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 6 }), pieces => {
      let conversation = newConversation(0)
      for (const [from, to] of [...pieces, [0, 12] as const])
        conversation = mergeHistory(conversation, readHistory({ messages: messages.slice(from, to) }), true)
      t.deepEqual(words(conversation), words(whole))
    }),
  )
})

test('a conversation comes out of storage as it went in, and storage that others changed costs no more than what was changed', t => {
  const conversation = addEntries(newConversation(5), [asked('m1', 'hi')])
  t.deepEqual(readConversation(JSON.stringify(conversation)), conversation)
  fc.assert(
    fc.property(fc.json(), text => {
      t.notThrows(() => readConversation(text))
      t.notThrows(() => readHistory(JSON.parse(text)))
    }),
  )
})
