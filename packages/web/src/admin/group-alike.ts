// Puts messages that say much the same together, so that they can be labelled at once.

export interface Worded {
  readonly text: string
}

/** How much of their pieces two messages must share (Jaccard) to be alike. */
const ALIKE = 0.45

/** Groups in the order of their first message; each message is compared with the first of a group. */
export function groupAlike<Message extends Worded>(
  messages: readonly Message[],
): readonly (readonly Message[])[] {
  const groups: { readonly pieces: ReadonlySet<string>; readonly members: Message[] }[] = []
  for (const message of messages) {
    const pieces = piecesOf(message.text)
    const group = groups.find(candidate => likeness(candidate.pieces, pieces) >= ALIKE)
    if (group === undefined) groups.push({ pieces, members: [message] })
    else group.members.push(message)
  }
  return groups.map(({ members }) => members)
}

/** Words, and runs of three characters: they also see spelling mistakes, and languages without blanks. */
function piecesOf(text: string): ReadonlySet<string> {
  const plain = text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '')
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? []
  const runs = words.flatMap(word => {
    const points = Array.from(` ${word} `)
    return points.slice(0, -2).map((_, at) => points.slice(at, at + 3).join(''))
  })
  return new Set([...words, ...runs])
}

function likeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 || right.size === 0) return left.size === right.size ? 1 : 0
  const shared = [...left].filter(piece => right.has(piece)).length
  return shared / (left.size + right.size - shared)
}
