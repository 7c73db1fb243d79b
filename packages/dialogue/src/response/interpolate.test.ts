// Placeholders as real Rasa fills them.

import { type JsonValue, WholeFloat } from '@tabula/protocol'
import test from 'ava'
import { generateResponse } from './generate-response.ts'
import { interpolate, interpolateText } from './interpolate.ts'

const values = new Map(
  Object.entries({
    name: 'Al',
    empty: null,
    yes: true,
    list: ['a', "it's"],
    n: 3,
    map: { k: [1, null] },
    tag: '{name}',
  }),
)

const cases: readonly (readonly [string, string])[] = [
  ['Hi {name}', 'Hi Al'],
  ['{empty} {yes} {list} {n}', `None True ['a', "it's"] 3`],
  ['{map}', "{'k': [1, None]}"],
  ['{name} and {nobody}', '{name} and {nobody}'],
  ['{a.b}', '{a.b}'],
  ['{0}', '{0}'],
  ['{{x}}', '{x}'],
  ['{{x}} {name}', '{{x}} {name}'],
  ['{{"k":"{name}"}}', '{"k":"Al"}'],
  ['{"a": 1}', '{"a": 1}'],
  ['{tag}', '{name}'],
  ['no braces', 'no braces'],
]
for (const [text, expected] of cases)
  test(`a bot says ${JSON.stringify(expected)} for ${JSON.stringify(text)}`, t => {
    t.is(interpolateText(text, values), expected)
  })

test('a lone brace fails as in Rasa, with a word on what to write', t => {
  t.throws(() => interpolateText('a { b', values), { code: 'response.braces', message: /\{\{ and \}\}/ })
  t.throws(() => interpolateText('{name} }', values), { code: 'response.braces' })
})

test('texts are filled at every depth, keys are not', t => {
  t.deepEqual(interpolate({ '{name}': ['{name}', 1, { x: '{n}' }] }, values), {
    '{name}': ['Al', 1, { x: '3' }],
  })
})

const responses = new Map([
  [
    'utter_hi',
    [
      { text: 'plain' },
      { text: 'web', channel: 'web' },
      { text: 'known', condition: [{ type: 'slot' as const, name: 'name', value: 'AL' }] },
      {
        text: 'known web',
        channel: 'web',
        condition: [{ type: 'slot' as const, name: 'name', value: 'al' }],
      },
    ],
  ],
])
const say = (channel: string, name: string | null): unknown =>
  generateResponse({
    responses,
    name: 'utter_hi',
    slots: new Map([['name', name]]),
    channel,
    random: () => 0.99,
  })?.text

test('the variation that fits channel and condition best is said', t => {
  t.is(say('web', 'Al'), 'known web')
  t.is(say('web', null), 'web')
  t.is(say('rest', 'Al'), 'known')
  t.is(say('rest', null), 'plain')
})

test("a float of an action's reads as Python writes it", t => {
  const values = new Map<string, JsonValue>([
    ['price', new WholeFloat(5)],
    ['count', 5],
  ])
  t.is(interpolateText('{price} for {count}', values), '5.0 for 5')
  t.deepEqual(interpolate({ n: new WholeFloat(5) }, values), { n: new WholeFloat(5) })
})

test('security row 27: a value that names another slot is shown as it stands: nothing is filled in twice', t => {
  const slots = new Map([
    ['name', '{secret} {a.b} {{secret}}'],
    ['secret', 'hidden'],
  ])
  t.is(interpolateText('Hello {name}', slots), 'Hello {secret} {a.b} {{secret}}')
})
