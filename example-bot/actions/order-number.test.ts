import test from 'ava'
import fc from 'fast-check'
import { readOrderNumber } from './order-number.ts'

test('a customer need not type the number as it is printed', t => {
  for (const text of [
    'TB-10234',
    'tb-10234',
    ' tb 10234 ',
    'TB10234',
    'T B - 1 0 2 3 4',
    'TB–10234',
    'it is tb-10234, I think',
    'My number is TB10234.',
  ]) {
    t.is(readOrderNumber(text), 'TB-10234', text)
  }
})

test('what is no order number is not taken for one', t => {
  for (const text of ['', '10234', 'my number is 10234', 'TB-1023', 'TB-102345', 'XTB-10234', 'never mind']) {
    t.is(readOrderNumber(text), null, text)
  }
})

test('for every number, the way it is read is read as the same again', t => {
  const letters = fc.stringMatching(/^[a-zA-Z]{2}$/)
  const digits = fc.stringMatching(/^[0-9]{5}$/)
  fc.assert(
    fc.property(letters, digits, fc.constantFrom('-', ' ', '', ' - '), (a, b, dash) => {
      const number = readOrderNumber(`${a}${dash}${b}`)
      t.is(number, `${a.toUpperCase()}-${b}`)
      t.is(readOrderNumber(number ?? ''), number)
    }),
  )
})
