// E-mail addresses, links, phone numbers and credit cards, as Duckling gives them.

import type { JsonObject } from '@tabula/protocol'
import type { DucklingMatch } from './duckling-match.ts'

const EMAIL =
  /(?<![\p{L}\p{Nd}._%+-])[\p{L}\p{Nd}_%+-][\p{L}\p{Nd}._%+-]{0,63}@(?:[\p{L}\p{Nd}-]{1,63}\.){1,8}\p{L}{2,24}/gu
const URL_PATTERN =
  /(?<![\p{L}\p{Nd}@._-])(?:(?:https?|ftp):\/\/|www\.)[^\s<>"'(){}[\]]{1,2000}|(?<![\p{L}\p{Nd}@._/-])(?:[a-z\d-]{1,63}\.){1,8}(?:com|org|net|edu|gov|io|co|ai|app|dev|info|biz|de|fr|es|it|nl|eu|uk|ch|at|be|ca|au|in|us)(?![\p{L}\p{Nd}@-])(?:\/[^\s<>"'(){}[\]]{0,2000})?/giu
const PHONE =
  /(?<![\p{L}\p{Nd}.,+$€£:/-])(?:\(?\+(\d{1,3})\)?[\s.-]?)?(?:\(\d{1,4}\)[\s.-]?)?\d{2,5}(?:[\s.-]?\d{2,5}){1,4}(?:\s?(?:ext|extension|x)\.?\s?(\d{1,6}))?(?![\p{L}\p{Nd}]|[.,:/-]\d)/giu
const CARD = /(?<![\p{Nd}-])\d(?:[ -]?\d){12,18}(?![\p{Nd}-])/gu

function toMatch(dim: string, body: string, start: number, value: JsonObject): DucklingMatch {
  return { body, start, end: start + body.length, dim, value }
}

export function emailMatches(text: string): DucklingMatch[] {
  return [...text.matchAll(EMAIL)].map(({ 0: body, index }) => toMatch('email', body, index, { value: body }))
}

export function urlMatches(text: string): DucklingMatch[] {
  return [...text.matchAll(URL_PATTERN)].flatMap(({ 0: found, index }) => {
    const body = found.replace(/[.,;:!?]+$/, '')
    const domain = /^(?:\w+:\/\/)?(?:www\.)?([^/:?#]+)/i.exec(body)?.[1]?.toLowerCase() ?? ''
    return domain === '' ? [] : [toMatch('url', body, index, { value: body, domain })]
  })
}

/** Seven digits or more; the value is `(+49)1701234567 ext 5`, digits alone where there is no country code. */
export function phoneMatches(text: string): DucklingMatch[] {
  return [...text.matchAll(PHONE)].flatMap(({ 0: body, 1: country, 2: extension, index }) => {
    const main = extension === undefined ? body : body.replace(/\s?(?:ext|extension|x)\.?\s?\d{1,6}$/i, '')
    const digits = main.replaceAll(/\D/g, '')
    const own = country === undefined ? digits : digits.slice(country.length)
    if (own.length < 6 || digits.length < 7 || digits.length > 15 || isDate(main)) return []
    const value = `${country === undefined ? '' : `(+${country})`}${own}${extension === undefined ? '' : ` ext ${extension}`}`
    return [toMatch('phone-number', body, index, { value })]
  })
}

function isDate(text: string): boolean {
  return /^\d{4}[.-]\d{1,2}[.-]\d{1,2}$|^\d{1,2}[.-]\d{1,2}[.-]\d{4}$/.test(text)
}

/** Numbers of 13 to 19 digits whose check digit is right (Luhn). */
export function cardMatches(text: string): DucklingMatch[] {
  return [...text.matchAll(CARD)].flatMap(({ 0: body, index }) => {
    const digits = body.replaceAll(/\D/g, '')
    return isLuhn(digits)
      ? [toMatch('credit-card-number', body, index, { value: digits, issuer: issuerOf(digits) })]
      : []
  })
}

function isLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

function issuerOf(digits: string): string {
  if (digits.startsWith('4')) return 'visa'
  if (/^3[47]/.test(digits)) return 'amex'
  if (/^(?:5[1-5]|2[2-7])/.test(digits)) return 'mastercard'
  if (/^6(?:011|5)/.test(digits)) return 'discover'
  if (/^3(?:0[0-5]|[68])/.test(digits)) return 'diner club'
  return 'other'
}
