// Finds entities with conditional random fields: one for names, and one each for roles and groups where the data has them.

import {
  ConditionalRandomField,
  joinParts,
  type LabelRules,
  type SavedPart,
  type SparseVector,
  splitParts,
  trainCrf,
  type TrainingControl,
} from '@tabula/ml'
import type { Entity } from '@tabula/protocol'
import type { TrainingMessage } from '../component.ts'
import type { Message } from '../message.ts'
import type { AnnotatedEntity } from '../training-data.ts'
import { EntityLabels } from './entity-labels.ts'
import { joinTokens, type SplitByComma, type TaggedSpan, type TaggedToken } from './tagged-spans.ts'
import { describeSurroundings, type PlacedEntity } from './span-features.ts'
import { describeTokens, FeatureColumns, type FeatureWindow } from './token-features.ts'

/** Tokens that are read at one go: with hundreds of labels they take some 30 ms. */
const PIECE = 64

export interface TaggerOptions {
  readonly isBilou: boolean
  readonly window: FeatureWindow
  readonly splitByComma: SplitByComma
}

/** role or group: a second reading, over the entities that the first has found. */
type Aspect = 'role' | 'group'
const ASPECTS: readonly Aspect[] = ['role', 'group']

interface Field {
  readonly names: readonly string[]
  /** Of roles and groups: the labels that each entity had in training, 0 for none. */
  readonly seen?: Readonly<Record<string, readonly number[]>>
  readonly columns: FeatureColumns
  readonly crf: ConditionalRandomField
}

/** Puts what a tagger finds into the message, at once or when it comes. */
export function addEntities(message: Message, found: Entity[] | Promise<Entity[]>): void | Promise<void> {
  if (found instanceof Promise)
    return found.then(entities => {
      message.entities.push(...entities)
    })
  message.entities.push(...found)
}

export class EntityTagger {
  readonly #options: TaggerOptions
  readonly #entity: Field
  readonly #aspects: ReadonlyMap<Aspect, Field>

  private constructor(options: TaggerOptions, entity: Field, aspects: ReadonlyMap<Aspect, Field>) {
    this.#options = options
    this.#entity = entity
    this.#aspects = aspects
  }

  /** Trained on the annotated entities; null where there are none. */
  static async train(
    messages: readonly TrainingMessage[],
    options: TaggerOptions,
    control: TrainingControl,
  ): Promise<EntityTagger | null> {
    const names = valuesOf(messages, ({ entity }) => entity)
    if (names.length === 0) return null
    const labels = new EntityLabels(names, options.isBilou)
    const entity = await trainField(
      messages.map(message => ({
        described: describeTokens(message, options.window),
        labels: labels.labelTokens(message.tokens, message.example.entities),
      })),
      names,
      labels,
      control,
    )
    const aspects = new Map<Aspect, Field>()
    for (const aspect of ASPECTS) {
      const values = valuesOf(messages, annotated => annotated[aspect])
      if (values.length === 0) continue
      const plain = new EntityLabels(values, false)
      const field = await trainField(
        messages
          .filter(({ example }) => example.entities.length > 0)
          .map(message => {
            const spans = spansOfAnnotations(message.tokens, message.example.entities)
            return {
              described: describeSurroundings(message.tokens, spans),
              labels: spans.map(span => 1 + values.indexOf(span[aspect] ?? '')),
            }
          }),
        values,
        plain,
        control,
      )
      aspects.set(aspect, { ...field, seen: seenLabels(messages, aspect, values) })
    }
    return new EntityTagger(options, entity, aspects)
  }

  static load(saved: SavedPart, options: TaggerOptions): EntityTagger {
    const parts = splitParts(saved)
    if (parts['entity'] === undefined) throw new Error('the saved tagger has no entities')
    const entity = loadField(parts['entity'], names => new EntityLabels(names, options.isBilou))
    const aspects = ASPECTS.flatMap(aspect => {
      const part = parts[aspect]
      return part === undefined
        ? []
        : [[aspect, loadField(part, names => new EntityLabels(names, false))] as const]
    })
    return new EntityTagger(options, entity, new Map(aspects))
  }

  save(): SavedPart {
    return joinParts(
      Object.fromEntries([
        ['entity', saveField(this.#entity)],
        ...[...this.#aspects].map(([name, field]) => [name, saveField(field)]),
      ]) as Record<string, SavedPart>,
    )
  }

  /**
   * The entities of a message, each with how sure its name, role and group are. Of a long message they come later: it is
   * read in pieces, and others have their turn between them.
   */
  find(message: Message, extractor: string): Entity[] | Promise<Entity[]> {
    const rows = describeTokens(message, this.#options.window).map(token => this.#entity.columns.row(token))
    if (rows.length <= PIECE) return this.#entitiesOf(message, this.#tagsOf(rows), extractor)
    return this.#tagInPieces(rows).then(tags => this.#entitiesOf(message, tags, extractor))
  }

  async #tagInPieces(rows: readonly SparseVector[]): Promise<(TaggedToken | null)[]> {
    const tags: (TaggedToken | null)[] = []
    for (let from = 0; from < rows.length; from += PIECE) {
      tags.push(...this.#tagsOf(rows.slice(from, from + PIECE)))
      await new Promise(resolve => setImmediate(resolve))
    }
    return tags
  }

  #entitiesOf(message: Message, tags: readonly (TaggedToken | null)[], extractor: string): Entity[] {
    const spans = joinTokens(message, tags, this.#options.splitByComma)
    if (spans.length === 0) return []
    const described = [...this.#aspects].map(
      ([aspect, field]) => [aspect, this.#readAspect(message, spans, field)] as const,
    )
    return spans.map((span, index): Entity => {
      const more = described.flatMap(([aspect, found]) => {
        const value = found[index]
        return value === undefined || value === null
          ? []
          : [
              [aspect, value.name],
              [`confidence_${aspect}`, value.confidence],
            ]
      })
      const start = message.tokens[span.first]?.start ?? 0
      const end = message.tokens[span.last]?.end ?? 0
      return {
        entity: span.entity,
        start,
        end,
        confidence_entity: span.confidence,
        ...(Object.fromEntries(more) as Partial<Entity>),
        value: message.text.slice(start, end),
        extractor,
      }
    })
  }

  /** For each token of a piece what it is a part of; null for nothing. */
  #tagsOf(rows: readonly SparseVector[]): (TaggedToken | null)[] {
    const { crf, names } = this.#entity
    const labels = new EntityLabels(names, this.#options.isBilou)
    // Most messages hold no entity: then nobody asks how sure that is.
    if (crf.path(rows).every(label => labels.read(label) === null)) return rows.map(() => null)
    const { labels: path, marginals } = crf.tag(rows)
    return path.map((label, token) => {
      const tag = labels.read(label)
      if (tag === null) return null
      // How sure the name is, wherever in the entity the token may stand.
      let confidence = 0
      marginals[token]?.forEach((probability, other) => {
        if (labels.read(other)?.entity === tag.entity) confidence += probability
      })
      return { ...tag, confidence: Math.min(1, confidence) }
    })
  }

  /** For each span the most likely role (or group); null where none is likely. */
  #readAspect(
    message: Message,
    spans: readonly TaggedSpan[],
    { crf, columns, names, seen = {} }: Field,
  ): readonly ({ readonly name: string; readonly confidence: number } | null)[] {
    const rows = describeSurroundings(message.tokens, spans)
    const { marginals } = crf.tag(rows.map(token => columns.row(token)))
    return marginals.map((probabilities, index) => {
      const known = seen[spans[index]?.entity ?? ''] ?? [0]
      const best = known.reduce((a, b) => ((probabilities[b] ?? 0) > (probabilities[a] ?? 0) ? b : a))
      if (best === 0) return null
      return { name: names[best - 1] ?? '', confidence: Math.min(1, probabilities[best] ?? 0) }
    })
  }
}

interface FieldExample {
  readonly described: readonly (readonly string[])[]
  readonly labels: readonly number[]
}

async function trainField(
  examples: readonly FieldExample[],
  names: readonly string[],
  rules: LabelRules,
  control: TrainingControl,
): Promise<Field> {
  const columns = FeatureColumns.of(examples.flatMap(({ described }) => described))
  const sequences = examples.map(({ described, labels }) => ({
    tokens: described.map(token => columns.row(token)),
    labels,
  }))
  const weights = await trainCrf(sequences, rules, columns.names.length, control)
  return { names, columns, crf: ConditionalRandomField.of(rules, weights) }
}

/** An entity that always had a role gets one, and one that never had any gets none. */
function seenLabels(
  messages: readonly TrainingMessage[],
  aspect: Aspect,
  values: readonly string[],
): Readonly<Record<string, readonly number[]>> {
  const seen: Record<string, number[]> = {}
  for (const { example } of messages)
    for (const entity of example.entities) {
      const label = 1 + values.indexOf(entity[aspect] ?? '')
      const known = (seen[entity.entity] ??= [])
      if (!known.includes(label)) known.push(label)
    }
  return seen
}

function saveField({ names, columns, crf, seen }: Field): SavedPart {
  return {
    header: { names, features: columns.names, ...(seen === undefined ? {} : { seen }) },
    tensors: crf.save().tensors,
  }
}

function loadField(part: SavedPart, rulesOf: (names: readonly string[]) => LabelRules): Field {
  const { names, features, seen } = part.header as {
    readonly names: readonly string[]
    readonly features: readonly string[]
    readonly seen?: Field['seen']
  }
  const crf = ConditionalRandomField.load(rulesOf(names), part)
  return { names, columns: new FeatureColumns(features), crf, ...(seen === undefined ? {} : { seen }) }
}

function valuesOf(
  messages: readonly TrainingMessage[],
  read: (entity: AnnotatedEntity) => string | undefined,
): string[] {
  const values = messages.flatMap(({ example }) => example.entities.map(read))
  return [...new Set(values.filter(value => value !== undefined))].sort()
}

/** The annotated entities by their tokens, in the order of the text. */
function spansOfAnnotations(
  tokens: Message['tokens'],
  entities: readonly AnnotatedEntity[],
): (PlacedEntity & Partial<Record<Aspect, string>>)[] {
  return entities
    .flatMap(entity => {
      const first = tokens.findIndex(token => token.start >= entity.start)
      const last = tokens.findLastIndex(token => token.end <= entity.end)
      return first < 0 || last < first ? [] : [{ ...entity, first, last }]
    })
    .toSorted((a, b) => a.first - b.first)
}
