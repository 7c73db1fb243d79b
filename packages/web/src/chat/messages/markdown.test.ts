import test from 'ava'
import fc from 'fast-check'
import { parseMarkdown, plainText } from './markdown.ts'
import { safeLink } from './safe-address.ts'

const isSafe = (address: string): boolean => safeLink(address) !== null

test('what is no markdown stays to the last character', t => {
  for (const text of [
    'a < b [0] x_y',
    'order_id and user_id',
    '2 * 3 * 4',
    '<b>x</b>',
    '[x](javascript:1)',
    '**',
    '`',
    '_a',
  ])
    t.is(plainText(parseMarkdown(text, isSafe)), text)
  const letters = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '<', '>', '[', ']', '(', ')', '{', '&', '"'),
  })
  fc.assert(
    fc.property(letters, text => {
      t.is(plainText(parseMarkdown(`x${text}x`, isSafe)), `x${text}x`)
    }),
  )
})

test('lists, code, emphasis and links are told apart', t => {
  const [list, paragraph, code] = parseMarkdown(
    '1. one\n2. **two**\nsee https://a.example/x.\n```\na < b\n```',
    isSafe,
  )
  t.deepEqual(list, { kind: 'list', start: 1, items: [['one'], [{ kind: 'strong', content: ['two'] }]] })
  t.like(paragraph, { content: ['see ', { kind: 'link', address: 'https://a.example/x' }, '.'] })
  t.deepEqual(code, { kind: 'code', text: 'a < b' })
})

test('a long text that is nearly markdown takes no longer than any other', t => {
  const hostile = `${'*a'.repeat(20_000)}${'['.repeat(20_000)}${'a@'.repeat(10_000)}`
  t.is(plainText(parseMarkdown(hostile, isSafe)).length, hostile.length)
})
