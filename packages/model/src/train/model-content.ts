// What a trained model consists of: the files of its archive, and what it says of itself.

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { encodePart, type SavedPart } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import { FORMAT, METADATA_FILE, type ModelMetadata, type SavedComponentEntry } from '../archive/metadata.ts'
import { DOMAIN_FILE } from '../load-model.ts'
import type { Project } from '../project/read-project.ts'
import { fingerprint, hashOf } from './fingerprint.ts'
import { projectFingerprint } from './is-stale.ts'
import type { TrainingPlan } from './training-plan.ts'

/** Trained parts in the order of the plan. */
export interface TrainedParts {
  readonly nlu: readonly SavedPart[]
  readonly core: readonly SavedPart[]
}

export interface ModelContent {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly metadata: ModelMetadata
}

/** The archive's files by path, metadata among them; all but the time of training follows from project and seed. */
export async function modelContent(
  project: Project,
  plan: TrainingPlan,
  parts: TrainedParts,
  seed: number,
): Promise<ModelContent> {
  const { config } = project
  const files = new Map<string, Uint8Array>([[DOMAIN_FILE, encode(project.domain)]])
  const components = [
    ...addParts('nlu', plan.pipeline, parts.nlu, files),
    ...addParts('core', plan.policies, parts.core, files),
  ]
  const metadata: ModelMetadata = {
    format: FORMAT,
    model_id: fingerprint({
      components,
      language: config.language,
      files: [...files].map(([path, bytes]) => [path, hashOf(bytes)]),
    }),
    assistant_id: config.assistantId ?? basename(project.root),
    language: config.language,
    training_type: plan.scope,
    trained_at: new Date().toISOString(),
    trained_by: `Tabula ${await ownVersion()}`,
    project: projectFingerprint(project),
    seed,
    components,
  }
  files.set(METADATA_FILE, encode(metadata))
  return { files, metadata }
}

function addParts(
  kind: SavedComponentEntry['kind'],
  configs: readonly { readonly name: string; readonly options: JsonObject }[],
  parts: readonly SavedPart[],
  files: Map<string, Uint8Array>,
): SavedComponentEntry[] {
  return configs.map(({ name, options }, index) => {
    const file = `components/${kind}-${index}-${name.replaceAll(/[^\w.-]/g, '_').slice(0, 60)}.part`
    const part = parts[index]
    if (part === undefined) throw new Error(`nothing was trained for ${name}`)
    files.set(file, encodePart(part))
    return { kind, name, options, file }
  })
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`)
}

async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(manifest) as { readonly version?: unknown }).version)
}
