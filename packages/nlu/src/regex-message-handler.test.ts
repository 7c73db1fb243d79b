import test from 'ava'
import { parseIntentMessage } from './regex-message-handler.ts'

const KNOWN = { intents: new Set(['greet', 'a b']), entities: new Set(['x', 'y']) }

const intentOf = (text: string): unknown => parseIntentMessage(text, KNOWN)?.intent ?? null
const entitiesOf = (text: string): unknown =>
  parseIntentMessage(text, KNOWN)?.entities.map(({ entity, value, start, end }) => [
    entity,
    value,
    start,
    end,
  ])

test('a button says its intent and entities without a model', t => {
  t.deepEqual(parseIntentMessage(' /greet@0.7{"x": "v"} ', KNOWN), {
    text: '/greet@0.7{"x": "v"}',
    intent: { name: 'greet', confidence: 0.7 },
    entities: [{ entity: 'x', value: 'v', start: 10, end: 20, extractor: 'RegexMessageHandler' }],
    intent_ranking: [{ name: 'greet', confidence: 0.7 }],
  })
})

test('confidences are read as Rasa reads them', t => {
  for (const [text, confidence] of [
    ['/greet', 1],
    ['/greet@5', 1],
    ['/greet@.5', 0.5],
    ['/greet@1.2.3', 0],
    ['/greet@', 1],
    ['/greet{"x": 1}@0.4', 1],
  ] as const) {
    t.deepEqual(intentOf(text), { name: 'greet', confidence }, text)
  }
})

test('what only looks like an intent is ordinary text', t => {
  for (const text of ['greet', '/', '/Greet', '/greet more words', '//greet', '/nosuch{"x": 1}'])
    t.is(intentOf(text), null, text)
  t.deepEqual(parseIntentMessage('/nosuch', null)?.intent, { name: 'nosuch', confidence: 1 })
})

test('entities: lists give several, objects are values, unknown types are dropped, broken JSON gives none', t => {
  t.deepEqual(entitiesOf('/a b {"x": ["p", "q"], "y": {"k": 1}, "z": 3} tail'), [
    ['x', 'p', 5, 45],
    ['x', 'q', 5, 45],
    ['y', { k: 1 }, 5, 45],
  ])
  t.deepEqual(entitiesOf('/greet{"x": }'), [])
  t.deepEqual(entitiesOf('/greet@0.5 {"x": 1}'), [])
})

test('offsets count code points', t => {
  t.deepEqual(parseIntentMessage('/😀{"x":1}', null)?.entities[0], {
    entity: 'x',
    value: 1,
    start: 2,
    end: 9,
    extractor: 'RegexMessageHandler',
  })
})

test('an entity of 5.0 stays a float', t => {
  t.is(
    JSON.stringify(parseIntentMessage('/greet{"x": 5.0, "y": 5}', KNOWN)?.entities.map(e => e.value)),
    '[5.0,5]',
  )
})
