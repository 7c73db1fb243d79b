// What a sequence network is made of, learns from, and how.

import type { SparseVector } from './sparse-rows.ts'

export interface SequenceField {
  readonly name: string
  /** How many different features there are; a field without any is left out. */
  readonly width: number
  readonly units: number
  /** Units of a layer of its own, where the field has one. */
  readonly encoded?: number
}

export interface SequenceShape {
  readonly fields: readonly SequenceField[]
  readonly labels: number
  readonly units: number
  readonly heads: number
  readonly hidden: number
  readonly embedding: number
  readonly encodedLabel: number
  readonly density: number
  readonly penalty: number
}

/** A step: the features of each field, null where it has none. */
export type SequenceStep = readonly (SparseVector | null)[]

export interface SequenceExamples {
  /** Distinct steps. */
  readonly steps: readonly SequenceStep[]
  /** Numbers of steps, the latest first. */
  readonly sequences: readonly Uint32Array[]
  readonly labels: Uint32Array
  /** Labels that are right as well, by example: then each label is judged for itself, and several may be. */
  readonly alsoRight?: readonly ReadonlySet<number>[]
}

export interface SequenceTraining {
  readonly epochs: number
  /** First and last; it grows from epoch to epoch. */
  readonly batchSizes: readonly [number, number]
  readonly learningRate: number
  readonly dropRate: number
  readonly negatives: number
  readonly isConstrained: boolean
  readonly isScaled: boolean
}
