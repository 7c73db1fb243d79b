// Providers bound the length of a message: a longer text goes out in several, broken where a reader expects it.

/** Parts of at most `limit` UTF-16 units: at a line's end, else between words, else anywhere but inside a character. */
export function splitText(text: string, limit: number): readonly string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > limit) {
    const head = rest.slice(0, limit + 1)
    const atLine = head.lastIndexOf('\n')
    const atWord = head.lastIndexOf(' ')
    // A break in the first half would waste most of the message.
    const at = [atLine, atWord].find(place => place > limit / 2)
    const end = at ?? (isHighSurrogate(rest.charCodeAt(limit - 1)) ? limit - 1 : limit)
    parts.push(rest.slice(0, end))
    rest = rest.slice(at === undefined ? end : end + 1)
  }
  if (rest !== '' || parts.length === 0) parts.push(rest)
  return parts
}

/** The text cut to the limit, with an ellipsis where something is missing: for titles and labels. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const end = isHighSurrogate(text.charCodeAt(limit - 2)) ? limit - 2 : limit - 1
  return `${text.slice(0, end)}…`
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
