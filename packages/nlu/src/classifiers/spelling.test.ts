import test from 'ava'
import { hashWord } from '@tabula/ml'
import fc from 'fast-check'
import { lettersOf, respell } from './spelling.ts'

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz')

/** Words, the common ones first. */
function knownWords(...words: readonly string[]) {
  const costs = new Map(words.map((word, place) => [hashWord(word), place]))
  const letters = lettersOf(words)
  return (word: string): string | null => respell(word, letters, hash => costs.get(hash) ?? null)
}

test('a mistyped word is taken for the word that was meant', t => {
  const meant = knownWords('refund', "don't", 'später')
  for (const written of ['refnd', 'refuund', 'refumd', 'rfeund', 'refun', 'refundd'])
    t.is(meant(written), 'refund', written)
  t.is(meant('dont'), "don't")
  t.is(meant('spater'), 'später')
})

test('of two words that may have been meant, the more common one is taken', t => {
  t.is(knownWords('card', 'cart')('carx'), 'card')
  t.is(knownWords('cart', 'card')('carx'), 'cart')
})

test('what is far from every word, short, a number, or begins otherwise stays as it is', t => {
  const meant = knownWords('refund', 'hi', 'iphone12', 'order')
  for (const written of ['rfnd', 'ho', 'iphone13', 'iphone1', 'border', 'kefund', '', 'r'])
    t.is(meant(written), null, written)
})

test('for every slip in a word, the word is found again', t => {
  const word = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 5, maxLength: 12 })
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom(...LETTERS), fc.nat(3), (right, somewhere, letter, kind) => {
      const at = 1 + (somewhere % (right.length - 2))
      const [before, after] = [right.slice(0, at), right.slice(at + 1)]
      const swapped = `${after.charAt(0)}${right.charAt(at)}${after.slice(1)}`
      const written = [after, swapped, letter + after, letter + right.slice(at)][kind] ?? ''
      const found = respell(before + written, LETTERS.join(''), hash => (hash === hashWord(right) ? 1 : null))
      t.is(found, right)
    }),
  )
})

test('a word of any length takes no time to speak of', t => {
  const meant = knownWords('refund')
  t.is(meant('a'.repeat(100_000)), null)
})

test('letters are those of the words, the most common first, and no digits', t => {
  t.is(lettersOf(['banana', 'nab1']), 'anb')
})
