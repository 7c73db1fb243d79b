import test from 'ava'
import { yamlScalar } from './yaml-scalar.ts'

test('texts in a story file are quoted as Rasa’s writer quotes them, so that files of both compare equal', t => {
  const written = {
    'thai food': 'thai food',
    "don't": "don't",
    '/inform{"cuisine": "thai"}': `'/inform{"cuisine": "thai"}'`,
    '/inform{"cuisine": "joe\'s"}': String.raw`"/inform{\"cuisine\": \"joe's\"}"`,
    'a: b': "'a: b'",
    '"thai" food': `'"thai" food'`,
    'it\'s "thai"': 'it\'s "thai"',
    '"it\'s" thai': String.raw`"\"it's\" thai"`,
    'two\nlines': String.raw`"two\nlines"`,
    'a\ttab': String.raw`"a\ttab"`,
    "it's: 😀": String.raw`"it's: \U0001F600"`,
    ' 😀': "' 😀'",
    off: 'off',
    true: "'true'",
    tRue: 'tRue',
    '1_000': "'1_000'",
    '1.5e3': "'1.5e3'",
    '2020-01-02': "'2020-01-02'",
    '2020-01-02 is late': '2020-01-02 is late',
    '': "''",
  }
  for (const [text, scalar] of Object.entries(written)) t.is(yamlScalar(text), scalar, text)
})
