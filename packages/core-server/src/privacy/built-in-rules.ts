// What is personal by its form: addresses, and numbers that are checked where their kind has a check.

/** A rule finds candidates by an expression that is linear in the text's length, and may look at each again. */
interface Rule {
  readonly pattern: RegExp
  readonly holds?: (found: string) => boolean
}

export const BUILT_IN = {
  // The local part is bounded as mail servers bound it, which also bounds the search.
  email: { pattern: /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu },
  iban: { pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, holds: isIban },
  card: { pattern: /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])/g, holds: isCard },
  phone: {
    pattern: /(?<![\w.:-])(?:\+|00)?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{2,5}\)?){2,5}(?![\w:-]|\.\d)/g,
    holds: isPhone,
  },
} as const satisfies Readonly<Record<string, Rule>>

export type BuiltIn = keyof typeof BUILT_IN

/** The text with what the rules find replaced by the rule's name. */
export function maskByForm(text: string, rules: readonly BuiltIn[]): string {
  let masked = text
  for (const name of rules) {
    const rule: Rule = BUILT_IN[name]
    masked = masked.replace(rule.pattern, found => (rule.holds?.(found) === false ? found : `[${name}]`))
  }
  return masked
}

/** Luhn's check over 13 to 19 digits. */
function isCard(found: string): boolean {
  const digits = Array.from(found.replace(/\D/g, ''), Number).toReversed()
  const sum = digits.reduce((total, digit, index) => {
    const doubled = digit * 2
    return total + (index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** ISO 13616: the number read with letters as 10 to 35 leaves 1 when divided by 97. */
function isIban(found: string): boolean {
  const text = found.replaceAll(' ', '')
  const moved = text.slice(4) + text.slice(0, 4)
  const digits = moved.replace(/[A-Z]/g, letter => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}

/** E.164 has 15 digits at most; a number that is written in one run without + or 0 is taken for something else. */
function isPhone(found: string): boolean {
  const digits = found.replace(/\D/g, '').length
  const isMarked = /^(\+|0|\()/.test(found) || /[ ()/-]/.test(found.trim())
  // A date such as 2026-11-24 or 24.11.2026 is no telephone number.
  const isDate = /^\d{4}-\d{2}-\d{2}$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/.test(found)
  return digits >= 7 && digits <= 15 && isMarked && !isDate
}
