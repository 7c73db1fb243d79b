// Python tells 5.0 from 5 and shows the difference in stories and answers; a JavaScript number cannot. Where a value of
// any kind may stand, the float that is a whole number is kept as what it is, and is written as it was read.

/** A float that is a whole number, such as the `5.0` of an action in Python. */
export class WholeFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  /** As Python writes it: with a point, with an exponent from 1e16 on. */
  toString(): string {
    if (Object.is(this.value, -0)) return '-0.0'
    if (Math.abs(this.value) < 1e16) return `${this.value}.0`
    return this.value.toExponential().replace(/e\+(\d)$/, 'e+0$1')
  }

  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.toString())
  }
}

/** The number that a value is, also as a WholeFloat; null for everything else. */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'number') return value
  return value instanceof WholeFloat ? value.value : null
}

/** Whether a whole float stands in the JSON: true also for a few texts that only look like it. */
export function mayHoldWholeFloat(text: string): boolean {
  return /[[:,\s]-?\d+(?:\.0+(?!\d)|(?:\.\d+)?[eE])/.test(text)
}

/** JSON.parse, but for whole floats: they come back as such. Throws SyntaxError where the text is no JSON. */
export function parseExactJson(text: string): unknown {
  if (!mayHoldWholeFloat(text)) return JSON.parse(text)
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && Number.isInteger(value) && /[.eE]/.test(context?.source ?? '')
      ? new WholeFloat(value)
      : value
  return JSON.parse(text, revive)
}

/** The value with plain numbers for whole floats: for those who do not know of them. Shares nothing with it. */
export function plainJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}
