// Numbers with a unit: money, distances, quantities, temperatures, volumes; alone, as ranges, and as bounds.

import type { JsonObject } from '@tabula/protocol'
import type { Dimension, DucklingMatch } from './duckling-match.ts'
import type { Numeral } from './numerals.ts'

/** Duckling's unit names and how they are written after a number, shortest signs last. */
type Units = Readonly<Record<string, string>>

const DISTANCES: Units = {
  kilometre: 'kilomet(?:er|re)s?|kms?|kilómetros?|kilomètres?',
  centimetre: 'centimet(?:er|re)s?|cms?|centímetros?|centimètres?|zentimeter',
  millimetre: 'millimet(?:er|re)s?|mm',
  mile: 'miles?|meilen?|millas?|mi',
  yard: 'yards?|yds?',
  foot: "feet|foot|ft|'",
  inch: "inch(?:es)?|in(?=[.,!?]|$)|''|\"",
  metre: 'met(?:er|re)s?|metros?|mètres?|m',
}
const QUANTITIES: Units = {
  kilogram: 'kilograms?|kilos?|kgs?|kilogramm',
  milligram: 'milligrams?|mg',
  gram: 'grams?|gramm|grammes?|gramos?|gr?',
  pound: 'pounds?(?! sterling)|lbs?',
  ounce: 'ounces?|oz',
  cup: 'cups?|tassen?|tazas?|tasses?',
  tablespoon: 'table ?spoons?|tbsps?',
  teaspoon: 'tea ?spoons?|tsps?',
  bowl: 'bowls?',
  dish: 'dish(?:es)?',
  pinch: 'pinch(?:es)?',
  basket: 'baskets?',
}
const TEMPERATURES: Units = {
  celsius: '(?:°|degrees?|grad|grados?|degrés?)? ?(?:celsius|centigrade|c)',
  fahrenheit: '(?:°|degrees?|grad|grados?|degrés?)? ?(?:fahrenheit|f)',
  degree: '°|degrees?|grad|grados?|degrés?',
}
const VOLUMES: Units = {
  millilitre: 'millilit(?:er|re)s?|mls?',
  hectolitre: 'hectolit(?:er|re)s?|hl',
  litre: 'lit(?:er|re)s?|litros?|l',
  gallon: 'gallons?|gal',
  quart: 'quarts?',
  pint: 'pints?',
}
const CURRENCIES: Units = {
  cent: 'cents?|¢|c',
  EUR: '€|euros?|eur',
  GBP: '£|pounds? sterling|gbp',
  USD: 'us ?\\$|usd|us dollars?',
  AUD: 'aud|a\\$|australian dollars?',
  CAD: 'cad|c\\$|canadian dollars?',
  CHF: 'chf|swiss francs?|franken',
  JPY: 'jpy|yens?',
  INR: 'inr|₹|rs\\.?|rupees?',
  '¥': '¥',
  CNY: 'cny|rmb|yuan',
  KRW: 'krw|₩|won',
  RUB: 'rub|₽|roubles?|rubles?',
  $: '\\$|dollars?|bucks?|dólares?',
}

interface Family {
  readonly dim: Dimension
  readonly units: readonly (readonly [unit: string, pattern: RegExp])[]
}

function family(dim: Dimension, units: Units): Family {
  return {
    dim,
    units: Object.entries(units).map(([unit, written]) => [
      unit,
      new RegExp(`\\s{0,2}-?(?:${written})(?![\\p{L}\\p{Nd}])`, 'iuy'),
    ]),
  }
}

const FAMILIES: readonly Family[] = [
  family('amount-of-money', CURRENCIES),
  family('distance', DISTANCES),
  family('quantity', QUANTITIES),
  family('temperature', TEMPERATURES),
  family('volume', VOLUMES),
]

interface Measure {
  readonly dim: Dimension
  readonly start: number
  readonly end: number
  readonly value: number
  readonly unit: string
  /** Of quantities: what there is so much of. */
  readonly product?: string
}

/** All measures of the text, and the ranges and bounds that they make. */
export function measureMatches(
  text: string,
  numerals: readonly Numeral[],
  language: string,
): DucklingMatch[] {
  const measures = [...numerals, ...articles(text, language)].flatMap(numeral => [
    ...FAMILIES.flatMap(({ dim, units }) => unitsAfter(text, numeral, dim, units, language)),
    ...currencyBefore(text, numeral),
  ])
  const longest = measures.filter(
    one =>
      !measures.some(
        other =>
          other !== one &&
          other.start <= one.start &&
          other.end >= one.end &&
          other.end - other.start > one.end - one.start,
      ),
  )
  return [...longest.map(measure => toMatch(text, measure)), ...ranges(text, longest, numerals, language)]
}

/** `a cup of tea`: the article is a number before a unit. */
function articles(text: string, language: string): Numeral[] {
  if (language !== 'en') return []
  return [...text.matchAll(/(?<![\p{L}\p{Nd}])an?(?= )/giu)].map(match => ({
    start: match.index,
    end: match.index + match[0].length,
    value: 1,
    isDigits: false,
  }))
}

function unitsAfter(
  text: string,
  { start, end, value, isDigits }: Numeral,
  dim: Dimension,
  units: Family['units'],
  language: string,
): Measure[] {
  for (const [unit, pattern] of units) {
    pattern.lastIndex = end
    const written = pattern.exec(text)
    if (written === null) continue
    // One letter or sign says a unit after digits only: `5 m`, but not `a m`.
    if (!isDigits && written[0].trim().length < 2) continue
    const stop = end + written[0].length
    if (dim !== 'quantity') return [{ dim, start, end: stop, value, unit }]
    const product = language === 'en' ? /^ of ([\p{L}]+)/iu.exec(text.slice(stop, stop + 40)) : null
    return product === null
      ? [{ dim, start, end: stop, value, unit }]
      : [
          {
            dim,
            start,
            end: stop + product[0].length,
            value,
            unit,
            product: (product[1] ?? '').toLowerCase(),
          },
        ]
  }
  return []
}

const SIGN_BEFORE = /(us ?\$|a\$|c\$|usd|eur|gbp|chf|inr|rs\.?|[$€£¥₹₩₽]) ?$/iu

/** `$ 10`, `EUR 5`. */
function currencyBefore(text: string, { start, end, value, isDigits }: Numeral): Measure[] {
  if (!isDigits) return []
  const before = SIGN_BEFORE.exec(text.slice(Math.max(0, start - 6), start))
  const sign = before?.[1]?.toLowerCase() ?? ''
  if (
    before === null ||
    (/^\p{L}/u.test(sign) && /[\p{L}\p{Nd}]/u.test(text.charAt(start - before[0].length - 1)))
  )
    return []
  const unit = Object.entries(CURRENCIES).find(([, written]) =>
    new RegExp(`^(?:${written})$`, 'iu').test(sign),
  )?.[0]
  return unit === undefined
    ? []
    : [{ dim: 'amount-of-money', start: start - before[0].length, end, value, unit }]
}

function toMatch(text: string, { dim, start, end, value, unit, product }: Measure): DucklingMatch {
  return {
    body: text.slice(start, end),
    start,
    end,
    dim,
    value: { value, type: 'value', unit, ...(product === undefined ? {} : { product }) },
  }
}

const BETWEEN = /(?:between|from) $/i
const LINK = /^ ?(?:-|–|to|and) ?$/i
const AT_MOST = /(?:under|below|less than|lower than|at most|up to|no more than|not more than) $/i
const AT_LEAST = /(?:over|above|more than|at least|exceeding|no less than) $/i

/** `between 10 and 20 dollars`, `10-20 km`, `under $5`, in English. */
function ranges(
  text: string,
  measures: readonly Measure[],
  numerals: readonly Numeral[],
  language: string,
): DucklingMatch[] {
  if (language !== 'en') return []
  const before = (at: number): string => text.slice(Math.max(0, at - 20), at)
  const interval = (dim: Dimension, start: number, end: number, value: JsonObject): DucklingMatch => ({
    body: text.slice(start, end),
    start,
    end,
    dim,
    value: { type: 'interval', ...value },
  })
  return measures.flatMap(({ dim, start, end, value, unit }): DucklingMatch[] => {
    const lower =
      numerals.find(
        other => other.end < start + 1 && other.end <= start && LINK.test(text.slice(other.end, start)),
      ) ??
      measures.find(
        other => other.dim === dim && other.end <= start && LINK.test(text.slice(other.end, start)),
      )
    if (lower !== undefined && lower.value < value) {
      const opening = BETWEEN.exec(before(lower.start))?.[0].length ?? 0
      const sign = measures.find(other => other.end === lower.end)?.start ?? lower.start
      const from = opening > 0 ? lower.start - opening : sign
      return [interval(dim, from, end, { from: { value: lower.value, unit }, to: { value, unit } })]
    }
    const most = AT_MOST.exec(before(start))
    if (most !== null) return [interval(dim, start - most[0].length, end, { to: { value, unit } })]
    const least = AT_LEAST.exec(before(start))
    if (least !== null) return [interval(dim, start - least[0].length, end, { from: { value, unit } })]
    return []
  })
}
