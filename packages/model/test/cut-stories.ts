// Stories as counts of what Rasa makes of them: where they are cut at checkpoints and alternatives, and how many events each piece has.

import type { StoryData } from '@tabula/dialogue'

interface Piece {
  readonly start: readonly string[]
  end: string[]
  events: number
  /** It ends at a branch, whose name Rasa makes up. */
  isBranch: boolean
}

/** Numbers of pieces, of rules among them and of events in each, with the named checkpoints at both ends. */
export function cutStories(stories: readonly StoryData[]): unknown {
  const pieces = stories.map(cut)
  const all = pieces.flat()
  return {
    steps: all.length,
    rules: stories.reduce(
      (sum, { kind }, index) => sum + (kind === 'rule' ? (pieces[index]?.length ?? 0) : 0),
      0,
    ),
    events: all.map(piece => piece.events),
    start: all.map(piece => piece.start.toSorted()),
    end: all.map(piece => piece.end),
  }
}

function cut(story: StoryData): Piece[] {
  const done: Piece[] = []
  const start: string[] = []
  let open: Piece[] = []
  const goOn = (): void => {
    const before = open
    done.push(...before.filter(isClosed))
    open = before.filter(piece => !isClosed(piece))
    if (open.length > 0) return
    const names = before.length === 0 ? start : [...new Set(before.flatMap(piece => piece.end))]
    const isFirst = before.length === 0 && names.length === 0
    open = [{ start: isFirst ? ['STORY_START'] : names, end: [], events: 0, isBranch: false }]
  }
  const add = (): void => {
    goOn()
    for (const piece of open) piece.events += 1
  }
  story.condition?.forEach(add)
  if (story.kind === 'rule' && story.conversationStart !== true) add()
  for (const step of story.steps) {
    if (step.kind === 'checkpoint') {
      if (open.length === 0) start.push(step.name)
      for (const piece of [...open])
        if (isClosed(piece)) open.push({ ...piece, end: [step.name], isBranch: false })
        else piece.end = [step.name]
    } else if (step.kind === 'or' && step.alternatives.length > 1) {
      goOn()
      open = open.flatMap(piece =>
        step.alternatives.map(() => ({ ...piece, events: piece.events + 1, isBranch: true })),
      )
    } else add()
  }
  if (story.waitForUserInput === false) add()
  return [...done, ...open]
}

function isClosed({ end, isBranch }: Piece): boolean {
  return isBranch || end.length > 0
}
