// Numbers in a text: digits as they are written in the locale, and English number words.

import type { DucklingMatch } from './duckling-match.ts'

export interface Numeral {
  readonly start: number
  readonly end: number
  readonly value: number
  /** Whether it is written in digits: a digit may stand right before a unit (`5km`). */
  readonly isDigits: boolean
}

const DIGITS = /(?<![\p{L}\p{Nd}_.,])[+-]?\d+(?:[.,]\d+)*(?:(?=[kKmMgG](?![\p{L}\p{Nd}]))[kKmMgG])?/gu
const SUFFIXES: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 }

const SMALL: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
}
const LARGE: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
}
const WORDS = /[\p{L}]+/gu
/** Languages that write 1.234,5 for 1,234.5. */
const COMMA_LANGUAGES = new Set(
  'de es fr it nl pt ru uk sv da no nb fi pl cs tr id vi el hu ro sk sl hr sr bg ca'.split(' '),
)

/** The numbers of the text in its order; none lies within another. */
export function findNumerals(text: string, language: string): Numeral[] {
  const digits = [...text.matchAll(DIGITS)].flatMap((match): Numeral[] => {
    const value = readDigits(match[0], language)
    return Number.isNaN(value)
      ? []
      : [{ start: match.index, end: match.index + match[0].length, value, isDigits: true }]
  })
  const words = language === 'en' ? findWords(text) : []
  return withMultipliers(
    text,
    [...digits, ...words].sort((a, b) => a.start - b.start),
    language,
  )
}

function readDigits(written: string, language: string): number {
  const suffix = SUFFIXES[written.at(-1)?.toLowerCase() ?? '']
  const plain = suffix === undefined ? written : written.slice(0, -1)
  const usesComma = COMMA_LANGUAGES.has(language)
  const [group, point] = usesComma ? ['.', ','] : [',', '.']
  const grouped = new RegExp(`^[+-]?\\d{1,3}(?:\\${group}\\d{3})+(?:\\${point}\\d+)?$`)
  const simple = new RegExp(`^[+-]?\\d+(?:\\${point}\\d+)?$`)
  // A lone separator of the other kind before other than three digits is a decimal one all the same: 2.5 in German.
  const other = new RegExp(`^[+-]?\\d+\\${group}(?:\\d{1,2}|\\d{4,})$`)
  if (grouped.test(plain)) return Number(plain.replaceAll(group, '').replace(point, '.')) * (suffix ?? 1)
  if (simple.test(plain)) return Number(plain.replace(point, '.')) * (suffix ?? 1)
  if (other.test(plain)) return Number(plain.replace(group, '.')) * (suffix ?? 1)
  return NaN
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Runs of English number words: `two hundred and five`, `twenty-one`, `a dozen`. */
function findWords(text: string): Numeral[] {
  const words: Word[] = [...text.matchAll(WORDS)].map(match => ({
    text: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }))
  const found: Numeral[] = []
  for (let at = 0; at < words.length;) {
    const run = readRun(text, words, at)
    if (run === null) at += 1
    else {
      found.push(run.numeral)
      at = run.next
    }
  }
  return found
}

function readRun(
  text: string,
  words: readonly Word[],
  from: number,
): { numeral: Numeral; next: number } | null {
  const first = words[from]
  if (first === undefined) return null
  let at = from
  let total = 0
  let group: number | null = null
  let last: number | null = null
  const start = first.start
  let end = start
  const isArticle = first.text === 'a' || first.text === 'an'
  if (isArticle) {
    const next = words[from + 1]?.text ?? ''
    if (!(next in LARGE) && next !== 'dozen' && next !== 'couple') return null
    group = 1
    at += 1
  }
  for (; at < words.length; at += 1) {
    const word = words[at]
    if (word === undefined) break
    if (at > from && !/^(?:\s|-)+$/.test(text.slice(words[at - 1]?.end, word.start))) break
    const small: number | undefined = SMALL[word.text]
    const large: number | undefined = LARGE[word.text]
    if (word.text === 'and' && group !== null && (words[at + 1]?.text ?? '') in SMALL && (last ?? 0) >= 100)
      continue
    if (small !== undefined) {
      // `twenty one` and `hundred five` go on; `five six` are two numbers.
      const fits =
        group === null || (last !== null && (last >= 100 || (last >= 20 && small < 10 && small > 0)))
      if (!fits) break
      group = (group ?? 0) + small
      last = small
    } else if (large !== undefined && (group !== null || total > 0)) {
      if (large === 100) group = (group ?? 1) * 100
      else {
        total += (group ?? 1) * large
        group = 0
      }
      last = large
    } else if (word.text === 'dozen') {
      group = (group ?? 1) * 12
      end = word.end
      at += 1
      break
    } else if (word.text === 'couple' && isArticle) {
      group = 2
      end = word.end
      at += 1
      break
    } else break
    end = word.end
  }
  if (end === start) return null
  return { numeral: { start, end, value: total + (group ?? 0), isDigits: false }, next: at }
}

/** `3 million`, `2.5 thousand`. */
function withMultipliers(text: string, numerals: readonly Numeral[], language: string): Numeral[] {
  if (language !== 'en') return [...numerals]
  return numerals.map(numeral => {
    const match = numeral.isDigits
      ? /^ (hundred|thousand|million|billion|trillion)(?![\p{L}])/iu.exec(
          text.slice(numeral.end, numeral.end + 12),
        )
      : null
    if (match === null) return numeral
    const factor = LARGE[match[1]?.toLowerCase() ?? ''] ?? 1
    return { ...numeral, end: numeral.end + match[0].length, value: numeral.value * factor }
  })
}

/** The numbers as Duckling's dimension `number`. */
export function numberMatches(text: string, numerals: readonly Numeral[]): DucklingMatch[] {
  return numerals.map(({ start, end, value }) => ({
    body: text.slice(start, end),
    start,
    end,
    dim: 'number',
    value: { value, type: 'value' },
  }))
}

const ORDINAL_WORDS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')
const ORDINALS =
  /(?<![\p{L}\p{Nd}])(?:(\d+)(?:st|nd|rd|th)|(?:(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -])?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth))(?![\p{L}\p{Nd}])/giu

/** `21st`, `twenty-first`: Duckling's dimension `ordinal`, in English. */
export function ordinalMatches(text: string, language: string): DucklingMatch[] {
  if (language !== 'en') return []
  return [...text.matchAll(ORDINALS)].map(match => {
    const [body, digits, tens = '', word = ''] = match
    const value = digits === undefined ? (SMALL[tens.toLowerCase()] ?? 0) + ordinalWord(word) : Number(digits)
    return {
      body,
      start: match.index,
      end: match.index + body.length,
      dim: 'ordinal',
      value: { value, type: 'value' },
    }
  })
}

function ordinalWord(word: string): number {
  const lower = word.toLowerCase()
  const place = ORDINAL_WORDS.indexOf(lower)
  if (place >= 0) return place + 1
  return SMALL[lower.replace(/ieth$/, 'y').replace(/th$/, '')] ?? 0
}
