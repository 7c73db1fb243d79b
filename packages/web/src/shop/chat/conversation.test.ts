import test from 'ava'
import fc from 'fast-check'
import type { Conversation, UserEntry } from './conversation.ts'
import { addEntries, changeMessage, newConversation, readConversation, resume } from './conversation.ts'

const message: UserEntry = {
  from: 'user',
  id: 'm1',
  text: 'Hello',
  payload: '/greet',
  delivery: 'sending',
  problem: null,
  at: 1_000_000,
  tab: 'here',
}
const talk: Conversation = {
  sender: 'ann',
  entries: [
    message,
    {
      from: 'bot',
      id: 'm2',
      at: 1_000_001,
      reply: {
        text: 'Hi',
        image: null,
        buttons: [{ title: 'Yes', payload: '/affirm', url: null }],
        attachment: { kind: 'video', url: 'https://shop.example/v', title: 'How to' },
        custom: '{}',
      },
    },
  ],
}

function deliveryOf(conversation: Conversation): string | undefined {
  const [first] = conversation.entries
  return first?.from === 'user' ? first.delivery : undefined
}

test('a conversation comes out of storage as it went in', t => {
  t.deepEqual(readConversation(JSON.stringify(talk)), talk)
})

test('storage that was changed by others costs what cannot be read, not the page', t => {
  t.is(readConversation('{"sender":'), null)
  t.is(readConversation('{"sender":1,"entries":[]}'), null)
  const mixed = {
    sender: 'ann',
    entries: [null, { from: 'bot' }, { ...message, delivery: 'flying' }, message],
  }
  t.deepEqual(readConversation(JSON.stringify(mixed))?.entries, [message])
  fc.assert(
    fc.property(fc.json(), text => {
      t.notThrows(() => readConversation(text))
    }),
  )
})

test('what this page was sending when it closed is in doubt; what another page is sending is left to it', t => {
  t.is(deliveryOf(resume(talk, 'here', 1_000_500)), 'unsure')
  t.is(deliveryOf(resume(talk, 'there', 1_000_500)), 'sending')
  t.is(deliveryOf(resume(talk, 'there', 2_000_000)), 'unsure')
})

test('what waits is sent when its page is back, and can be sent by hand when that page is gone', t => {
  const waiting = changeMessage(talk, 'm1', { delivery: 'waiting' })
  t.is(deliveryOf(resume(waiting, 'here', 1_000_500)), 'waiting')
  t.is(deliveryOf(resume(waiting, 'there', 2_000_000)), 'failed')
})

test('a long conversation keeps its latest part', t => {
  const many = Array.from({ length: 500 }, (_, at) => ({ ...message, id: String(at) }))
  const { entries } = addEntries(newConversation(), many)
  t.is(entries.length, 200)
  t.is(entries.at(-1)?.id, '499')
})
