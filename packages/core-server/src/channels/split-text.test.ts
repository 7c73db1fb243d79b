import test from 'ava'
import fc from 'fast-check'
import { shorten, splitText } from './split-text.ts'

test('no part is longer than the limit, no character is cut, and no word is lost', t => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 4, max: 40 }),
      (text, limit) => {
        const parts = splitText(text, limit)
        const isWhole = parts.join('').replaceAll(/[\s]/g, '') === text.replaceAll(/[\s]/g, '')
        return isWhole && parts.every(part => part.length <= limit && part.isWellFormed())
      },
    ),
  )
  t.deepEqual(splitText('one two three', 8), ['one two', 'three'])
  t.deepEqual(splitText('', 8), [''])
  t.is(shorten('a title that is long', 10), 'a title t…')
})
