// What tells the role or group of an entity: the words around it and the entities beside it. Its own words do not count, or a
// city that was only ever a destination in the data could never be an origin.

import type { Token } from '../message.ts'

/** An entity by its first and last token. */
export interface PlacedEntity {
  readonly entity: string
  readonly first: number
  readonly last: number
}

/** For each entity, in the order of the text, the features of what is around it. */
export function describeSurroundings(
  tokens: readonly Token[],
  entities: readonly PlacedEntity[],
): string[][] {
  const word = (index: number): string => tokens[index]?.text.toLowerCase() ?? (index < 0 ? 'BOS' : 'EOS')
  return entities.map(({ entity, first, last }, place) => [
    `entity ${entity}`,
    `-1 ${word(first - 1)}`,
    `-2 ${word(first - 2)}`,
    `-2-1 ${word(first - 2)} ${word(first - 1)}`,
    `+1 ${word(last + 1)}`,
    `+2 ${word(last + 2)}`,
    `entity before ${entities[place - 1]?.entity ?? ''}`,
    `entity after ${entities[place + 1]?.entity ?? ''}`,
  ])
}
