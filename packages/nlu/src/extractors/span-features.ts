// What tells the role or group of an entity: the words around it and the entities beside it. Its own words do not count, or a
// city that was only ever a destination in the data could never be an origin.

import type { Token } from '../message.ts'

/** An entity by its first and last token. */
export interface PlacedEntity {
  readonly entity: string
  readonly first: number
  readonly last: number
}

/** For each token the features of the entity that it belongs to; none for the others. */
export function describeSurroundings(
  tokens: readonly Token[],
  entities: readonly PlacedEntity[],
): string[][] {
  const word = (index: number): string => tokens[index]?.text.toLowerCase() ?? (index < 0 ? 'BOS' : 'EOS')
  return tokens.map((_, token) => {
    const place = entities.findIndex(({ first, last }) => token >= first && token <= last)
    const own = entities[place]
    if (own === undefined) return []
    const before = entities[place - 1]
    const after = entities[place + 1]
    return [
      `entity ${own.entity}`,
      `-1 ${word(own.first - 1)}`,
      `-2 ${word(own.first - 2)}`,
      `-2-1 ${word(own.first - 2)} ${word(own.first - 1)}`,
      `+1 ${word(own.last + 1)}`,
      `+2 ${word(own.last + 2)}`,
      `entity before ${before?.entity ?? ''}`,
      `entity after ${after?.entity ?? ''}`,
    ]
  })
}
