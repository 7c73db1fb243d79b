// Rasa's YAML reader lets text in quotes, and lists and maps in brackets, go on at any column of the next line; YAML itself
// wants their lines further in than their key.

/** Where a quote may begin: `"` and `'` within a plain text are letters. */
interface Place {
  /** The column that the later lines must be beyond. */
  readonly indent: number
  readonly flowDepth: number
}

type Quote = '"' | "'"

/**
 * The file with such lines moved in as far as YAML wants them; what they say is the same, since the spaces before them are
 * none of it. Lines keep their numbers. A file without such lines is given back as it is.
 */
export function indentContinuations(text: string): string {
  let quote: Quote | null = null
  let place: Place = { indent: -1, flowDepth: 0 }
  /** Column that the lines of a block (`|`, `>`) are beyond; null outside of one. */
  let block: number | null = null
  const lines = text.split('\n').map(line => {
    // Spaces alone: other white space is text.
    const own = line.length - line.replace(/^ +/, '').length
    const isBlank = /^[ \t\r]*$/.test(line)
    if (quote === null && block !== null) {
      if (isBlank || own > block) return line
      block = null
    }
    const isOpen = quote !== null || place.flowDepth > 0
    const missing = isOpen && !isBlank ? Math.max(0, place.indent + 1 - own) : 0
    const moved = ' '.repeat(missing) + line
    const scanned = scanLine(moved, quote, place)
    ;({ quote, place } = scanned)
    if (scanned.block !== null) block = scanned.block
    return moved
  })
  return lines.join('\n')
}

interface Scanned {
  readonly quote: Quote | null
  readonly place: Place
  readonly block: number | null
}

/** What is open at the end of a line. */
function scanLine(line: string, open: Quote | null, before: Place): Scanned {
  let at = 0
  let { indent, flowDepth } = before
  if (open !== null) {
    at = closing(line, 0, open)
    if (at < 0) return { quote: open, place: before, block: null }
  } else if (flowDepth === 0) indent = -1
  let mayBegin = open === null
  while (at < line.length) {
    const char = line.charAt(at)
    const next = line.charAt(at + 1)
    if (char === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) break
    if (/\s/.test(char)) {
      at += 1
      continue
    }
    if (mayBegin && (char === '"' || char === "'")) {
      const end = closing(line, at + 1, char)
      if (end < 0) return { quote: char, place: { indent, flowDepth }, block: null }
      at = end
      mayBegin = false
      // A key in quotes: its value's lines must be beyond it.
      if (flowDepth === 0 && /^\s*:(\s|$)/.test(line.slice(at))) indent = line.indexOf(char)
      continue
    }
    if (flowDepth === 0 && mayBegin && char === '-' && /^$|\s/.test(next)) indent = at
    else if (
      flowDepth === 0 &&
      mayBegin &&
      (char === '|' || char === '>') &&
      /^[-+\d]*\s*(#.*)?$/.test(line.slice(at + 1))
    )
      return { quote: null, place: { indent: -1, flowDepth }, block: indent }
    else if (mayBegin && (char === '[' || char === '{')) flowDepth += 1
    else if (flowDepth > 0 && (char === ']' || char === '}')) flowDepth -= 1
    else if (flowDepth > 0 && char === ',') mayBegin = true
    else if (char === ':' && /^$|[\s"']/.test(next)) mayBegin = true
    else if (mayBegin && flowDepth === 0) {
      // A plain text, which may be a key.
      if (/^[^#]*?:(\s|$)/.test(line.slice(at))) indent = at
      mayBegin = false
    } else mayBegin = flowDepth > 0 && mayBegin
    at += 1
  }
  return { quote: null, place: { indent, flowDepth }, block: null }
}

/** Behind the quote that ends the text; -1 where it goes on in the next line. */
function closing(line: string, from: number, quote: Quote): number {
  for (let at = from; at < line.length; at += 1) {
    const char = line.charAt(at)
    if (quote === '"' && char === '\\') at += 1
    else if (char === quote) {
      if (quote === '"' || line.charAt(at + 1) !== quote) return at + 1
      at += 1
    }
  }
  return -1
}
