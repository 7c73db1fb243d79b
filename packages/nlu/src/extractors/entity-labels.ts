// Labels of tokens that stand for entities: B, I, L, O and U (begin, inside, last, outside, unit), or names alone.

import type { LabelRules } from '@tabula/ml'
import type { Token } from '../message.ts'
import type { AnnotatedEntity } from '../training-data.ts'

export type Place = 'B' | 'I' | 'L' | 'U' | ''
const PLACES: readonly Place[] = ['B', 'I', 'L', 'U']

export interface EntityLabel {
  readonly entity: string
  readonly place: Place
}

/** The labels of entity names: 0 is none, then those of each name in turn. */
export class EntityLabels implements LabelRules {
  readonly names: readonly string[]
  readonly #isBilou: boolean

  constructor(names: readonly string[], isBilou: boolean) {
    this.names = names
    this.#isBilou = isBilou
  }

  get labels(): number {
    return 1 + this.names.length * (this.#isBilou ? PLACES.length : 1)
  }

  /** What a label stands for; null for none. */
  read(label: number): EntityLabel | null {
    if (label === 0) return null
    if (!this.#isBilou) return { entity: this.names[label - 1] ?? '', place: '' }
    const place = PLACES[(label - 1) % PLACES.length] ?? 'U'
    return { entity: this.names[Math.floor((label - 1) / PLACES.length)] ?? '', place }
  }

  isFirst(label: number): boolean {
    const place = this.read(label)?.place
    return place !== 'I' && place !== 'L'
  }

  mayFollow(before: number, label: number): boolean {
    const last = this.read(before)
    const next = this.read(label)
    const goesOn = next?.place === 'I' || next?.place === 'L'
    if (last?.place !== 'B' && last?.place !== 'I') return !goesOn
    return goesOn && next.entity === last.entity
  }

  /** The labels of the tokens; a token belongs to the entity that it lies within. */
  labelTokens(tokens: readonly Token[], entities: readonly AnnotatedEntity[]): number[] {
    const owners = tokens.map(token => entities.findIndex(entity => isWithin(token, entity)))
    return owners.map((owner, index) => {
      const name = this.names.indexOf(entities[owner]?.entity ?? '')
      if (owner < 0 || name < 0) return 0
      if (!this.#isBilou) return 1 + name
      const begins = owners[index - 1] !== owner
      const ends = owners[index + 1] !== owner
      const place: Place = begins ? (ends ? 'U' : 'B') : ends ? 'L' : 'I'
      return 1 + name * PLACES.length + PLACES.indexOf(place)
    })
  }
}

function isWithin(token: Token, { start, end }: AnnotatedEntity): boolean {
  return token.start >= start && token.end <= end
}
