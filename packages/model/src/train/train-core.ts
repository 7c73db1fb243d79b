// Trains the policies of a project: what goes in and what comes out are plain values, so that a thread may do it.

import { Domain, type PolicyConfig, type StoryData, trainPolicyParts } from '@tabula/dialogue'
import type { SavedPart } from '@tabula/ml'
import type { DomainJson, Problem } from '@tabula/protocol'

export interface CoreTraining {
  readonly policies: readonly PolicyConfig[]
  readonly domain: DomainJson
  readonly stories: readonly StoryData[]
  readonly seed: number
  readonly augmentation: number
  /** Parts of an earlier training by place. */
  readonly reuse: readonly (SavedPart | undefined)[]
  /** Places of the policies that are meant, where several threads share them. */
  readonly only?: readonly number[]
}

export interface CoreProgress {
  readonly name: string
  readonly index: number
  readonly count: number
  readonly fraction: number
}

export interface CoreListeners {
  readonly onProgress: (progress: CoreProgress) => void
  readonly warn: (problem: Problem) => void
  readonly signal?: AbortSignal
}

/** What is saved of the policies, by place in the config. Throws ProjectError; rejects with the signal's reason. */
export async function trainCore(
  training: CoreTraining,
  listeners: CoreListeners,
): Promise<(SavedPart | undefined)[]> {
  const { policies, domain, stories, ...rest } = training
  const { onProgress, ...others } = listeners
  return trainPolicyParts(policies, Domain.fromJson(domain), stories, {
    ...rest,
    ...others,
    onProgress: ({ policy, ...progress }) => {
      onProgress({ name: policy, ...progress })
    },
  })
}
