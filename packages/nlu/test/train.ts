// Short ways to train a pipeline in tests.

import type { Problem } from '@tabula/protocol'
import type { ComponentConfig } from '../src/component.ts'
import type { Pipeline } from '../src/pipeline.ts'
import { loadPipeline, trainPipeline } from '../src/pipeline.ts'
import type { NluTrainingData } from '../src/training-data.ts'

export type ConfigEntry = string | readonly [name: string, options: ComponentConfig['options']]

/** Names alone, or names with options, as a config. */
export function toConfigs(...entries: readonly ConfigEntry[]): ComponentConfig[] {
  return entries.map(entry =>
    typeof entry === 'string' ? { name: entry, options: {} } : { name: entry[0], options: entry[1] },
  )
}

/** The pipeline as a new process would load it, and what training complained about. */
export async function trainAndLoad(
  configs: readonly ComponentConfig[],
  data: NluTrainingData,
): Promise<{ pipeline: Pipeline; warnings: Problem[] }> {
  const warnings: Problem[] = []
  const trained = await trainPipeline(configs, data, {
    language: 'en',
    seed: 1,
    warn: problem => warnings.push(problem),
  })
  return { pipeline: loadPipeline(configs, trained.save(), { language: 'en' }), warnings }
}
