// Entities token by token: what each token is labeled with, and what each extractor made of it, as Rasa scores them.

import type { Entity } from '@tabula/protocol'
import { classificationReport, type ClassificationReport } from './classification-report.ts'
import type { EntityResult } from './parse-examples.ts'

export const NO_ENTITY = 'no_entity'

export interface EntityEvaluation extends ClassificationReport {
  readonly extractor: string
  readonly errors: readonly EntityExample[]
  readonly successes: readonly EntityExample[]
  /** Of each token that is or was taken for part of an entity; null for extractors without a confidence. */
  readonly confidences: readonly { readonly confidence: number; readonly isRight: boolean }[] | null
}

/** One entry of Rasa's `<Extractor>_errors.json`. */
export interface EntityExample {
  readonly text: string
  readonly entities: readonly Entity[]
  readonly predicted_entities: readonly Entity[]
}

/** Extractors that say how sure they are. */
const WITH_CONFIDENCES = ['CRFEntityExtractor', 'DIETClassifier']

/** One evaluation for each extractor that found anything, in the order of their names; none where there are no entities. */
export function evaluateEntities(results: readonly EntityResult[]): EntityEvaluation[] {
  const extractors = new Set(results.flatMap(({ predicted }) => predicted.map(extractorOf)))
  return [...extractors].toSorted().map(extractor => evaluate(extractor, results))
}

function evaluate(extractor: string, results: readonly EntityResult[]): EntityEvaluation {
  const aligned = results.map(result => align(result, extractor))
  const errors = aligned.filter(({ pairs }) => pairs.some(({ target, label }) => target !== label))
  const successes = aligned.filter(({ pairs }) =>
    pairs.some(({ target, label }) => target === label && target !== NO_ENTITY),
  )
  const pairs = aligned.flatMap(each => each.pairs)
  return {
    extractor,
    ...classificationReport(
      pairs.map(({ target }) => target),
      pairs.map(({ label }) => label),
      NO_ENTITY,
    ),
    errors: errors.map(exampleOf),
    successes: successes.map(exampleOf),
    confidences: WITH_CONFIDENCES.includes(extractor)
      ? pairs
          .filter(({ target, label }) => target !== NO_ENTITY || label !== NO_ENTITY)
          .map(({ target, label, confidence }) => ({ confidence, isRight: target === label }))
      : null,
  }
}

interface TokenPair {
  readonly target: string
  readonly label: string
  readonly confidence: number
}

interface Aligned {
  readonly result: EntityResult
  readonly pairs: readonly TokenPair[]
}

function align(result: EntityResult, extractor: string): Aligned {
  const own = result.predicted.filter(entity => extractorOf(entity) === extractor)
  const pairs = result.tokens.map(token => {
    const found = bestFor(token, own)
    return {
      target: labelOf(bestFor(token, result.targets)),
      label: labelOf(found),
      confidence: found === null ? 0 : lowestConfidence(found),
    }
  })
  return { result, pairs }
}

/** The entity that covers most of the token. */
function bestFor([start, end]: readonly [number, number], entities: readonly Entity[]): Entity | null {
  let best: Entity | null = null
  let most = 0
  for (const entity of entities) {
    const shared = Math.min(end, entity.end ?? 0) - Math.max(start, entity.start ?? 0)
    if (shared <= most) continue
    most = shared
    best = entity
  }
  return best
}

/** Type, group and role in one label. */
function labelOf(entity: Entity | null): string {
  if (entity === null) return NO_ENTITY
  return [entity.entity, entity.group, entity.role]
    .filter(part => part !== undefined && part !== '')
    .join('.')
}

function lowestConfidence(entity: Entity): number {
  return Math.min(entity.confidence_entity ?? 1, entity.confidence_role ?? 1, entity.confidence_group ?? 1)
}

function extractorOf({ extractor }: Entity): string {
  return extractor ?? ''
}

function exampleOf({ result: { text, targets, predicted } }: Aligned): EntityExample {
  return { text, entities: targets, predicted_entities: predicted }
}
