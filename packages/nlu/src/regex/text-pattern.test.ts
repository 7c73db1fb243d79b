import test from 'ava'
import fc from 'fast-check'
import { createLookupPattern } from './lookup-pattern.ts'
import { parsePythonRegex } from './parse-python-regex.ts'
import { escapePattern } from './pattern.ts'
import { createTextPattern } from './text-pattern.ts'
import { writeJavaScript } from './write-regex.ts'

const spans = (expression: RegExp, text: string): number[][] =>
  Array.from(text.matchAll(expression), match => [match.index, match.index + match[0].length])

test('plain examples are found where the engine would find them', t => {
  const part = fc.constantFrom('a', 'b', 'é', ' ', '.', '\\.', 'a?', 'b?', '😀', '_', 'A')
  const text = fc.array(fc.constantFrom('a', 'b', 'é', ' ', '.', '😀', '_', 'A', '\n'), { maxLength: 12 })
  t.notThrows(() => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }),
        text,
        fc.boolean(),
        (parts, letters, ignoreCase) => {
          const source = `\\b${parts.join('')}\\b`
          const parsed = parsePythonRegex(source)
          const pattern = createTextPattern(source, parsed, ignoreCase)
          if (pattern === null) return
          const subject = letters.join('')
          const expected = spans(new RegExp(writeJavaScript(parsed.root), ignoreCase ? 'giu' : 'gu'), subject)
          t.deepEqual(
            pattern.matches(subject).map(({ start, end }) => [start, end]),
            expected,
            `${source} in ${subject}`,
          )
          t.is(pattern.test(subject), expected.length > 0)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

test('the words of a table are found where one large choice would find them', t => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', ' ', 'É'), minLength: 1, maxLength: 3 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', ' ', 'é', 'A'), maxLength: 12 })
  t.notThrows(() => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        text,
        fc.boolean(),
        fc.boolean(),
        (words, subject, ignoreCase, boundaries) => {
          const edge = boundaries ? '\\b' : ''
          const source = words.map(one => edge + escapePattern(one) + edge).join('|')
          const expression = new RegExp(
            writeJavaScript(parsePythonRegex(source).root),
            ignoreCase ? 'giu' : 'gu',
          )
          const found = createLookupPattern(words, { ignoreCase, boundaries }).matches(subject)
          t.deepEqual(
            found.map(({ start, end }) => [start, end]),
            spans(expression, subject),
            `${source} in '${subject}'`,
          )
        },
      ),
      { numRuns: 3000 },
    )
  })
})
