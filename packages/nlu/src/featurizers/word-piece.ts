// WordPiece: how BERT and its kin cut text into pieces of a fixed vocabulary (Schuster and Nakajima, ICASSP 2012).

export interface WordPieceOptions {
  readonly vocabulary: ReadonlyMap<string, number>
  readonly lowercase: boolean
  /** Pieces beyond this many are cut off, the end mark kept. */
  readonly limit: number
}

const LONGEST_WORD = 100

/** Numbers of the text's pieces between the marks of its start and end. */
export function wordPieces(text: string, { vocabulary, lowercase, limit }: WordPieceOptions): number[] {
  const unknown = vocabulary.get('[UNK]') ?? 0
  const pieces: number[] = []
  for (const word of splitBasic(lowercase ? withoutAccents(text.toLowerCase()) : text)) {
    if (pieces.length >= limit - 2) break
    pieces.push(...(splitWord(word, vocabulary) ?? [unknown]))
  }
  const start = vocabulary.get('[CLS]') ?? unknown
  const end = vocabulary.get('[SEP]') ?? unknown
  return [start, ...pieces.slice(0, limit - 2), end]
}

function withoutAccents(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{Mn}/gu, '')
}

/** Words, and signs and Chinese characters one by one. */
function splitBasic(text: string): string[] {
  return (
    text.match(/[\p{P}\p{S}\u4e00-\u9fff\u3400-\u4dbf]|[^\s\p{P}\p{S}\p{C}\u4e00-\u9fff\u3400-\u4dbf]+/gu) ??
    []
  )
}

/** The longest pieces from the left; null where the vocabulary cannot say the word. */
function splitWord(word: string, vocabulary: ReadonlyMap<string, number>): number[] | null {
  const letters = Array.from(word)
  if (letters.length > LONGEST_WORD) return null
  const pieces: number[] = []
  for (let from = 0; from < letters.length;) {
    let to = letters.length
    let piece: number | undefined
    for (; to > from; to -= 1) {
      piece = vocabulary.get((from > 0 ? '##' : '') + letters.slice(from, to).join(''))
      if (piece !== undefined) break
    }
    if (piece === undefined) return null
    pieces.push(piece)
    from = to
  }
  return pieces
}
