// Divides labeled examples: into folds, or into a part to train on and a part to test on; every intent in each as it can be.

import type { StoryData } from '@tabula/dialogue'
import { createRandom, type Random, shuffle } from '@tabula/ml'
import type { NluExample } from '@tabula/nlu'

export interface Fold {
  readonly train: readonly NluExample[]
  readonly test: readonly NluExample[]
}

/** Examples of intents with fewer than `count` of them are left out, as Rasa leaves them out of a cross-validation. */
export function withEnoughExamples(examples: readonly NluExample[], count: number): NluExample[] {
  const sizes = new Map<string, number>()
  for (const { intent } of examples) if (intent !== undefined) sizes.set(intent, (sizes.get(intent) ?? 0) + 1)
  return examples.filter(({ intent }) => intent !== undefined && (sizes.get(intent) ?? 0) >= count)
}

/** Stratified folds: each example is tested once, and each intent is spread evenly over the folds. */
export function foldsOf(examples: readonly NluExample[], count: number, random: Random): Fold[] {
  const foldOf = new Map<NluExample, number>()
  let next = 0
  for (const group of groups(examples))
    for (const example of shuffled(group, random)) {
      foldOf.set(example, next)
      next = (next + 1) % count
    }
  return Array.from({ length: count }, (_, fold) => ({
    train: examples.filter(example => foldOf.get(example) !== fold),
    test: examples.filter(example => foldOf.get(example) === fold),
  }))
}

/** A share of each intent's examples to train on, the rest to test on; an intent with two examples is in both. */
export function splitExamples(examples: readonly NluExample[], trainingShare: number, seed: number): Fold {
  const random = createRandom(seed)
  const train = new Set<NluExample>()
  for (const group of groups(examples)) {
    const wanted = Math.round(group.length * trainingShare)
    const count = group.length < 2 ? group.length : Math.min(group.length - 1, Math.max(1, wanted))
    for (const example of shuffled(group, random).slice(0, count)) train.add(example)
  }
  return {
    train: examples.filter(example => train.has(example)),
    test: examples.filter(example => !train.has(example)),
  }
}

/** A share of the items to train on and the others to test with, at least one each where there are two, all in their order. */
export function splitItems<Item>(
  items: readonly Item[],
  trainingShare: number,
  seed: number,
): { readonly train: readonly Item[]; readonly test: readonly Item[] } {
  const wanted = Math.round(items.length * trainingShare)
  const count = items.length < 2 ? items.length : Math.min(items.length - 1, Math.max(1, wanted))
  const train = new Set(sample(items, count / items.length, createRandom(seed)))
  return { train: items.filter(item => train.has(item)), test: items.filter(item => !train.has(item)) }
}

/** A share of the stories, and all rules. */
export function sampleStories(stories: readonly StoryData[], share: number, seed: number): StoryData[] {
  const told = stories.filter(({ kind }) => kind === 'story')
  const kept = new Set(sample(told, share, createRandom(seed)))
  return stories.filter(story => story.kind === 'rule' || kept.has(story))
}

/** A random part of a list, in its order. */
export function sample<Item>(items: readonly Item[], share: number, random: Random): Item[] {
  const order = Uint32Array.from(items, (_, index) => index)
  shuffle(order, random)
  const kept = new Set(order.subarray(0, Math.round(items.length * share)))
  return items.filter((_, index) => kept.has(index))
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const order = Uint32Array.from(items, (_, index) => index)
  shuffle(order, random)
  return [...order].flatMap(index => items[index] ?? [])
}

function groups(examples: readonly NluExample[]): NluExample[][] {
  const byLabel = new Map<string, NluExample[]>()
  for (const example of examples) {
    const label = example.intentResponseKey ?? example.intent ?? ''
    const group = byLabel.get(label)
    if (group === undefined) byLabel.set(label, [example])
    else group.push(example)
  }
  return [...byLabel.values()]
}
