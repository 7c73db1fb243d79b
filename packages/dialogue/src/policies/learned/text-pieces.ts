// Texts in pieces that similar texts share: words, and three letters of a word at a time.

/** The distinct pieces of a text, in the order of their first place. */
export function pieces(text: string): string[] {
  const found = new Set<string>()
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    found.add(word)
    const letters = Array.from(`^${word}$`)
    for (let at = 0; at + 3 <= letters.length; at += 1) found.add(letters.slice(at, at + 3).join(''))
  }
  return [...found]
}
