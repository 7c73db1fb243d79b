import test from 'ava'
import fc from 'fast-check'
import { compilePattern, escapePattern } from './pattern.ts'

const found = (source: string, text: string, ignoreCase = false): string[] =>
  compilePattern(source, { ignoreCase })
    .matches(text)
    .map(({ start, end }) => text.slice(start, end))

test("Python's syntax means what it means in Python", t => {
  t.deepEqual(found('(?P<y>\\d{4})-(?P=y)', '2020-2020 2020-2021'), ['2020-2020'])
  t.deepEqual(found('(?i)straße', 'STRAßE'), ['STRAßE'])
  t.deepEqual(found('\\büber\\b', 'über rüber überall'), ['über'])
  t.deepEqual(found('\\d+', '12 ٣٤'), ['12', '٣٤'])
  t.deepEqual(found('(?a)\\d+', '12 ٣٤'), ['12'])
  t.deepEqual(found('\\Aa|b\\Z', 'aab b'), ['a', 'b'])
  t.deepEqual(found('x{,2}y{z', 'xxy{z'), ['xxy{z'])
  t.deepEqual(found('[]-]+', 'a]-]'), [']-]'])
  t.deepEqual(found('(?x) a b # both', 'ab'), ['ab'])
  t.deepEqual(found('a.c', 'a\nc a\u2028c'), ['a\u2028c'])
  t.deepEqual(found('[^\\W\\d_]+', 'ab12_é'), ['ab', 'é'])
})

test('what Python refuses is refused, with the place', t => {
  for (const [source, message] of [
    ['what (', /character 6/],
    ['a**', /repeat of a repeat/],
    ['[z-a]', /range/],
    ['(?P<1>a)', /name/],
    ['\\q', /unknown escape/],
    ['(a)\\2', /group 2/],
    ['a)', /closing bracket/],
  ] as const) {
    t.throws(() => compilePattern(source), { code: 'nlu.regex-invalid', message }, source)
  }
  t.throws(() => compilePattern('x'.repeat(5000)), { code: 'nlu.regex-invalid', message: /longer/ })
})

test('everyday expressions run on the fast engine, dangerous ones on the safe one', t => {
  for (const source of [
    '\\w+@\\w+\\.com',
    '[+-]?\\d+(?:\\.\\d+)?',
    '(?:\\+?\\d{1,3}[ -]?)?\\d{3}[ -]?\\d{4}',
    '(?=.*\\d)\\w+',
    '(\\w)\\1',
    '(?:a|b|c)+x',
  ]) {
    t.is(compilePattern(source).engine, 'native', source)
  }
  for (const source of [
    '(a+)+b',
    '(a|a)*b',
    '(a|ab|b)*c',
    '(.*)*x',
    '\\s*\\s*$',
    '.*a.*b',
    '(\\w{1,30}\\s?){1,10}x',
  ]) {
    t.is(compilePattern(source).engine, 're2', source)
  }
  for (const source of ['(?=(a+)+b)', '(\\w+) \\1', '(?:(?=.*x)a)*b']) {
    t.throws(() => compilePattern(source), { code: 'nlu.regex-unsafe' }, source)
  }
})

test('security row 34: no message makes an accepted expression run for long', t => {
  const texts = ['a'.repeat(60_000), 'a '.repeat(30_000), `${'a'.repeat(30_000)}!`, '1'.repeat(60_000)]
  for (const source of [
    '(a+)+b',
    '\\w+@\\w+\\.com',
    '(a|a)*b',
    '\\s*\\s*x',
    '\\d+(?!\\d)x',
    '(?=.*\\d)[a-z]+1',
  ]) {
    const pattern = compilePattern(source)
    for (const text of texts) {
      const start = performance.now()
      pattern.test(text)
      t.true(performance.now() - start < 2000, `${source} on ${text.slice(0, 5)}`)
    }
  }
})

test('checking a long expression ends soon', t => {
  const start = performance.now()
  compilePattern(Array.from({ length: 40 }, () => '[a-z]+').join(' '))
  compilePattern(`(?:${Array.from({ length: 60 }, (_, index) => `foo${index}`).join('|')})+x`)
  t.true(performance.now() - start < 2000)
})

test('every text, escaped, matches itself and nothing less', t => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), text => {
        t.deepEqual(found(escapePattern(text), text), [text])
      }),
    )
  })
})
