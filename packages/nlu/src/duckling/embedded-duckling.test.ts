import test from 'ava'
import type { DucklingOptions } from './embedded-duckling.ts'
import { parseDuckling } from './embedded-duckling.ts'

/** A Tuesday. */
const NOW = Date.UTC(2026, 10, 24, 10, 0, 0)
const OPTIONS: DucklingOptions = { locale: 'en_US', timezone: 'UTC', reference: NOW, dimensions: null }

function parse(text: string, changes: Partial<DucklingOptions> = {}) {
  return parseDuckling(text, { ...OPTIONS, ...changes }).map(({ body, dim, value }) => ({ body, dim, value }))
}

/** The dimensions and bodies alone. */
function found(text: string, changes: Partial<DucklingOptions> = {}): string[] {
  return parse(text, changes).map(({ body, dim }) => `${dim}: ${body}`)
}

test('numbers are read in digits and in words, each once', t => {
  const values = (text: string) => parse(text, { dimensions: ['number'] }).map(({ value }) => value['value'])
  t.deepEqual(values('I want 3 of 1,250.5 and twenty-one'), [3, 1250.5, 21])
  t.deepEqual(values('two hundred and five, a dozen, 3 million, 10k'), [205, 12, 3_000_000, 10_000])
  t.deepEqual(values('five six'), [5, 6])
  t.deepEqual(values('room A5 or v2.0x'), [])
  t.deepEqual(
    parse('1.234,5 Stück', { locale: 'de_DE', dimensions: ['number'] }).map(({ value }) => value['value']),
    [1234.5],
  )
})

test('amounts have the value and unit that Duckling gives them', t => {
  t.deepEqual(parse('it costs $10'), [
    { body: '$10', dim: 'amount-of-money', value: { value: 10, type: 'value', unit: '$' } },
  ])
  t.deepEqual(parse('42 euros')[0]?.value, { value: 42, type: 'value', unit: 'EUR' })
  t.deepEqual(parse('5 km')[0], {
    body: '5 km',
    dim: 'distance',
    value: { value: 5, type: 'value', unit: 'kilometre' },
  })
  t.deepEqual(parse('30 degrees celsius')[0]?.value, { value: 30, type: 'value', unit: 'celsius' })
  t.deepEqual(parse('two liters')[0], {
    body: 'two liters',
    dim: 'volume',
    value: { value: 2, type: 'value', unit: 'litre' },
  })
  t.deepEqual(parse('3 cups of sugar')[0]?.value, { value: 3, type: 'value', unit: 'cup', product: 'sugar' })
})

test('ranges and bounds are intervals', t => {
  t.deepEqual(parse('between 10 and 20 dollars')[0], {
    body: 'between 10 and 20 dollars',
    dim: 'amount-of-money',
    value: { type: 'interval', from: { value: 10, unit: '$' }, to: { value: 20, unit: '$' } },
  })
  t.deepEqual(parse('under 5 miles')[0]?.value, { type: 'interval', to: { value: 5, unit: 'mile' } })
  t.deepEqual(parse('more than 2 kg')[0]?.value, { type: 'interval', from: { value: 2, unit: 'kilogram' } })
})

test('durations carry their unit and their seconds', t => {
  t.deepEqual(parse('it takes 3 days')[0], {
    body: '3 days',
    dim: 'duration',
    value: { value: 3, day: 3, type: 'value', unit: 'day', normalized: { value: 259_200, unit: 'second' } },
  })
  t.is(parse('half an hour')[0]?.value['minute'], 30)
  t.is(parse('2 Stunden', { locale: 'de' })[0]?.value['hour'], 2)
})

test('addresses, links, phone numbers and cards are found whole', t => {
  t.deepEqual(parse('write to ann.b@example.co.uk.')[0], {
    body: 'ann.b@example.co.uk',
    dim: 'email',
    value: { value: 'ann.b@example.co.uk' },
  })
  t.deepEqual(parse('see https://www.example.com/a?b=1, please')[0], {
    body: 'https://www.example.com/a?b=1',
    dim: 'url',
    value: { value: 'https://www.example.com/a?b=1', domain: 'example.com' },
  })
  t.deepEqual(parse('call +49 170 1234567')[0]?.value, { value: '(+49)1701234567' })
  t.deepEqual(parse('4111 1111 1111 1111', { dimensions: ['credit-card-number'] })[0]?.value, {
    value: '4111111111111111',
    issuer: 'visa',
  })
  t.deepEqual(found('4111 1111 1111 1112', { dimensions: ['credit-card-number'] }), [])
})

test('ordinals are read in digits and in words', t => {
  t.deepEqual(
    parse('the first and the 22nd', { dimensions: ['ordinal'] }).map(({ value }) => value['value']),
    [1, 22],
  )
})

test('a time has its grain, and the zone of the config', t => {
  const [tomorrow] = parse('tomorrow at 5pm', { timezone: 'Europe/Berlin' })
  t.deepEqual(tomorrow, {
    body: 'tomorrow at 5pm',
    dim: 'time',
    value: {
      values: [{ value: '2026-11-25T17:00:00.000+01:00', grain: 'hour', type: 'value' }],
      value: '2026-11-25T17:00:00.000+01:00',
      grain: 'hour',
      type: 'value',
    },
  })
  t.is(parse('next week')[0]?.value['grain'], 'week')
  t.is(parse('next week')[0]?.value['value'], '2026-11-30T00:00:00.000+00:00')
  t.is(parse('in march')[0]?.value['value'], '2027-03-01T00:00:00.000+00:00')
  t.is(parse('3/4/2027')[0]?.value['value'], '2027-03-04T00:00:00.000+00:00')
  t.is(parse('3/4/2027', { locale: 'en_GB' })[0]?.value['value'], '2027-04-03T00:00:00.000+00:00')
  t.is(parse('am 3. Mai', { locale: 'de' })[0]?.value['value'], '2027-05-03T00:00:00.000+00:00')
})

test('a span of time has both its ends, the second one where it is over', t => {
  t.deepEqual(parse('from monday to wednesday')[0]?.value, {
    values: [
      {
        to: { value: '2026-12-03T00:00:00.000+00:00', grain: 'day' },
        from: { value: '2026-11-30T00:00:00.000+00:00', grain: 'day' },
        type: 'interval',
      },
    ],
    to: { value: '2026-12-03T00:00:00.000+00:00', grain: 'day' },
    from: { value: '2026-11-30T00:00:00.000+00:00', grain: 'day' },
    type: 'interval',
  })
})

test('what lies within another match is dropped, as Duckling drops it', t => {
  t.deepEqual(found('in 2 days'), ['time: in 2 days'])
  t.deepEqual(found('in 2 days', { dimensions: ['number', 'duration'] }), ['duration: 2 days'])
  t.deepEqual(found('in 2 days', { dimensions: ['number'] }), ['number: 2'])
})
