// Complaints about checkpoints that lead nowhere, or that nothing leads to.

import type { Problem, SourcePosition } from '@tabula/protocol'
import { closestName } from '@tabula/protocol'
import { type Checkpoint, isGenerated, STORY_START, type StoryPart } from './story-part.ts'

/** One warning for each place where an unused checkpoint is written, with the place of one that was probably meant. */
export function unusedCheckpoints(
  all: readonly StoryPart[],
  walked: readonly StoryPart[],
  unused: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = []
  const [first] = walked
  if (unused.has(STORY_START) && first !== undefined) problems.push(noBeginning(first))
  for (const part of walked) {
    for (const checkpoint of part.start)
      if (isWritten(checkpoint, unused)) problems.push(withoutEnd(checkpoint, part, all))
    for (const checkpoint of part.end)
      if (isWritten(checkpoint, unused)) problems.push(withoutStart(checkpoint, part, all))
  }
  return problems
}

function isWritten({ name }: Checkpoint, unused: ReadonlySet<string>): boolean {
  return unused.has(name) && name !== STORY_START && !isGenerated(name)
}

function noBeginning(part: StoryPart): Problem {
  return {
    severity: 'warning',
    code: 'story.no-beginning',
    message: 'All stories start with a checkpoint: none says how a conversation begins.',
    position: part.position,
    hint: 'Write at least one story without a checkpoint as its first step.',
  }
}

function withoutEnd(checkpoint: Checkpoint, part: StoryPart, all: readonly StoryPart[]): Problem {
  return {
    severity: 'warning',
    code: 'story.checkpoint-without-end',
    message: `The story '${part.name}' starts with the checkpoint '${checkpoint.name}', but no story that is reached ends with it.`,
    position: checkpoint.position ?? part.position,
    hint: suggestion(
      checkpoint.name,
      all.flatMap(({ end }) => end),
      'ends with',
    ),
  }
}

function withoutStart(checkpoint: Checkpoint, part: StoryPart, all: readonly StoryPart[]): Problem {
  return {
    severity: 'warning',
    code: 'story.checkpoint-without-start',
    message: `The story '${part.name}' ends with the checkpoint '${checkpoint.name}', but no story starts with it.`,
    position: checkpoint.position ?? part.position,
    hint: suggestion(
      checkpoint.name,
      all.flatMap(({ start }) => start),
      'starts with',
    ),
  }
}

/** The same name elsewhere, or a near one, with its place. */
function suggestion(name: string, others: readonly Checkpoint[], verb: string): string {
  const places = new Map<string, SourcePosition>()
  for (const { name: other, position } of others)
    if (position !== undefined && !places.has(other)) places.set(other, position)
  const near = places.has(name) ? name : closestName(name, places.keys())
  const place = near === null ? undefined : places.get(near)
  if (near === null || place === undefined) return `Write a story that ${verb} it, or remove it.`
  const where = `${place.file}:${place.line}:${place.column}`
  return near === name
    ? `The story at ${where} ${verb} it, but is not reached itself.`
    : `The story at ${where} ${verb} '${near}': was that meant?`
}
