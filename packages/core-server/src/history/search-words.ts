// Words of a text as both databases index them: folded here, so that they find the same.

/** Scripts that write words without blanks between them: each sign counts as a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u
const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** Characters of a text that are indexed, and words of a search. */
const MOST_INDEXED = 4_000
const MOST_SEARCHED = 10
const LONGEST_WORD = 100

export interface FoundWord {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** Lower case, without accents, with their places in the text. */
export function wordsOf(text: string): readonly FoundWord[] {
  const words: FoundWord[] = []
  for (const match of text.slice(0, MOST_INDEXED).matchAll(WORD)) {
    const [word] = match
    const pieces = UNSPACED.test(word) ? signsOf(word) : [{ piece: word, at: 0 }]
    for (const { piece, at } of pieces) {
      const start = match.index + at
      const folded = piece
        .normalize('NFKD')
        .replaceAll(/\p{M}+/gu, '')
        .toLowerCase()
        .slice(0, LONGEST_WORD)
      if (folded !== '') words.push({ word: folded, start, end: start + piece.length })
    }
  }
  return words
}

/** The words of a text in one line, as they are indexed. */
export function indexedWords(text: string): string {
  return wordsOf(text)
    .map(({ word }) => word)
    .join(' ')
}

/** The words that are searched for; the last one may be the beginning of a word. */
export function searchedWords(query: string): readonly string[] {
  return wordsOf(query)
    .slice(0, MOST_SEARCHED)
    .map(({ word }) => word)
}

/** Where the searched words stand in a text. */
export function marksOf(text: string, searched: readonly string[]): readonly (readonly [number, number])[] {
  const whole = new Set(searched)
  const last = searched.at(-1)
  return wordsOf(text)
    .filter(({ word }) => whole.has(word) || (last !== undefined && word.startsWith(last)))
    .map(({ start, end }) => [start, end] as const)
}

/** Runs of other letters inside stay together. */
function signsOf(word: string): readonly { readonly piece: string; readonly at: number }[] {
  const pieces: { piece: string; at: number }[] = []
  let at = 0
  let isOpen = false
  for (const sign of word) {
    const isSign = UNSPACED.test(sign)
    const last = pieces.at(-1)
    if (isSign || !isOpen || last === undefined) pieces.push({ piece: sign, at })
    else last.piece += sign
    isOpen = !isSign
    at += sign.length
  }
  return pieces
}
