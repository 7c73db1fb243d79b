// Text as Python sees it: which characters are space, where a text is trimmed, and offsets in code points.

const SPACES = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const LEADING = new RegExp(`^${SPACES}+`)
const SPACE = new RegExp(`^${SPACES}$`)
const SPACE_RUN = new RegExp(`${SPACES}+`)
const SURROGATE = /[\ud800-\udfff]/

/** The text without spaces at both ends, by Python's idea of a space (U+FEFF stays, U+001C goes). */
export function stripText(text: string): string {
  let end = text.length
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end).replace(LEADING, '')
}

/** The words between spaces, by Python's idea of a space. */
export function splitWords(text: string): string[] {
  return text.split(SPACE_RUN).filter(word => word !== '')
}

/** A function from UTF-16 offsets into the text to code point offsets; free of cost where the two are the same. */
export function codePointOffsets(text: string): (offset: number) => number {
  if (!SURROGATE.test(text)) return offset => offset
  const offsets = new Uint32Array(text.length + 1)
  let count = 0
  for (let unit = 0; unit < text.length;) {
    const width = (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1
    offsets.fill(count, unit, unit + width)
    unit += width
    count += 1
  }
  offsets[text.length] = count
  return offset => offsets[offset] ?? count
}

/** A function from code point offsets into the text to UTF-16 offsets: the way back of `codePointOffsets`. */
export function unitOffsets(text: string): (offset: number) => number {
  if (!SURROGATE.test(text)) return offset => offset
  const offsets: number[] = []
  for (let unit = 0; unit < text.length; unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1)
    offsets.push(unit)
  return offset => offsets[offset] ?? text.length
}
