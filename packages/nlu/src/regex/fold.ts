// Case and word boundaries of plain text, for patterns that need no expression engine.

const WORD = /[\p{L}\p{N}_]/u

/** The text in lower case, unit by unit at its old place: a letter whose lower case is longer stays as it is. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, char =>
    char.toLowerCase().length === char.length ? char.toLowerCase() : char,
  ).join('')
}

/** Python's `\b` at a UTF-16 offset. */
export function isBoundary(text: string, offset: number): boolean {
  return isWordBefore(text, offset) !== isWordAt(text, offset)
}

function isWordAt(text: string, offset: number): boolean {
  const code = text.codePointAt(offset)
  return code !== undefined && isWord(code)
}

function isWordBefore(text: string, offset: number): boolean {
  if (offset === 0) return false
  const unit = text.charCodeAt(offset - 1)
  const pair = unit >= 0xdc00 && unit <= 0xdfff && offset > 1 ? (text.codePointAt(offset - 2) ?? unit) : unit
  return isWord(pair > 0xffff ? pair : unit)
}

function isWord(code: number): boolean {
  if (code < 128) {
    return (
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
    )
  }
  return WORD.test(String.fromCodePoint(code))
}
