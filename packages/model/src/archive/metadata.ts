// What a model says of itself: metadata.json in its archive.

import { CodedError } from '@tabula/protocol'

/** Counts up when the archive's layout changes. */
export const FORMAT = 1

export interface SavedComponentEntry {
  readonly kind: 'nlu' | 'core'
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  /** Path in the archive. */
  readonly file: string
}

export interface ModelMetadata {
  readonly format: number
  /** Hash of the content: the same project and seed give the same. */
  readonly model_id: string
  readonly assistant_id: string
  readonly language: string
  readonly training_type: 'both' | 'nlu' | 'core'
  /** ISO 8601. */
  readonly trained_at: string
  readonly trained_by: string
  /** Hash of the project's files. */
  readonly project: string
  readonly seed: number
  readonly components: readonly SavedComponentEntry[]
}

/** The metadata in the JSON; throws CodedError (400) for a model of Rasa's, or of another format. */
export function parseMetadata(json: string, file: string): ModelMetadata {
  const value = JSON.parse(json) as Partial<ModelMetadata> & { rasa_open_source_version?: unknown }
  if (value.rasa_open_source_version !== undefined) throw rasaModel(file)
  if (value.format !== FORMAT || typeof value.model_id !== 'string' || !Array.isArray(value.components))
    throw new CodedError(
      'model.format',
      `The model ${file} has the format ${String(value.format)}; this version reads format ${FORMAT}. Train the project again.`,
      { status: 400 },
    )
  return value as ModelMetadata
}

export function rasaModel(file: string): CodedError {
  return new CodedError(
    'model.of-rasa',
    `The model ${file} was trained by Rasa, whose models only Rasa can load. The project's files suffice: run \`bot train\` in its folder.`,
    { status: 400 },
  )
}
