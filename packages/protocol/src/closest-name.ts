// The name that somebody probably meant.

/** The known name with the fewest letters to change, case aside; null where none is near. */
export function closestName(name: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let distance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const changes = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (changes >= distance) continue
    distance = changes
    best = candidate
  }
  return best
}

/** Levenshtein's distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[at - 1] === other[column - 1] ? 0 : 1
      next.push(Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (row[column - 1] ?? 0) + same))
    }
    row = next
  }
  return row[other.length] ?? 0
}
