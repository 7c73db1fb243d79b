// What a model says of itself: metadata.json in its archive.

import type { JsonObject } from '@tabula/protocol'
import { CodedError, parseExactJson } from '@tabula/protocol'
import { readArchive, unreadable } from './archive.ts'

/** Counts up when the archive's layout changes. */
export const FORMAT = 3

export const METADATA_FILE = 'metadata.json'

export interface SavedComponentEntry {
  readonly kind: 'nlu' | 'core'
  readonly name: string
  readonly options: JsonObject
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
  /** Name and version of what trained it. */
  readonly trained_by: string
  /** Hash of the project's content. */
  readonly project: string
  readonly seed: number
  readonly components: readonly SavedComponentEntry[]
}

const TEXTS = [
  'model_id',
  'assistant_id',
  'language',
  'training_type',
  'trained_at',
  'trained_by',
  'project',
] as const

/** The metadata of the model in the file. Throws CodedError (400) where the file is missing, broken, of another format, or Rasa's own. */
export async function readMetadata(file: string): Promise<ModelMetadata> {
  return metadataOf(await readArchive(file), file)
}

/** The metadata among an archive's files; `file` is for complaints. Throws CodedError (400) as `readMetadata` does. */
export function metadataOf(files: ReadonlyMap<string, Buffer>, file: string): ModelMetadata {
  const bytes = files.get(METADATA_FILE)
  if (bytes === undefined)
    throw [...files.keys()].some(isRasaPart) ? rasaModel(file) : unreadable(file, `it lacks ${METADATA_FILE}`)
  const value = parseJson(bytes, METADATA_FILE, file)
  if (!isRecord(value)) throw unreadable(file, `its ${METADATA_FILE} is no map`)
  if (value['rasa_open_source_version'] !== undefined) throw rasaModel(file)
  if (value['format'] !== FORMAT)
    throw new CodedError(
      'model.format',
      `The model ${file} has the format ${String(value['format'])}; this version reads format ${FORMAT}. Train the project again.`,
      { status: 400 },
    )
  const { components } = value
  const missing = TEXTS.find(key => typeof value[key] !== 'string')
  if (missing !== undefined) throw unreadable(file, `its ${METADATA_FILE} lacks ${missing}`)
  if (!Array.isArray(components) || !components.every(isEntry))
    throw unreadable(file, `the components in its ${METADATA_FILE} are not as they must be`)
  return value as unknown as ModelMetadata
}

/** The JSON of a file in the archive. Throws CodedError (400) where it is none. */
export function parseJson(bytes: Buffer, path: string, file: string): unknown {
  try {
    return parseExactJson(bytes.toString())
  } catch {
    throw unreadable(file, `its ${path} is no JSON`)
  }
}

function isEntry(value: unknown): boolean {
  return (
    isRecord(value) &&
    (value['kind'] === 'nlu' || value['kind'] === 'core') &&
    typeof value['name'] === 'string' &&
    typeof value['file'] === 'string' &&
    isRecord(value['options'])
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Rasa's archives keep a folder for each step of its graph. */
function isRasaPart(path: string): boolean {
  return /^components\/(train_|run_|domain_provider|finetuning)/.test(path)
}

function rasaModel(file: string): CodedError {
  return new CodedError(
    'model.of-rasa',
    `The model ${file} was trained by Rasa, whose models only Rasa can load. The project's files suffice: run \`bot train\` in its folder.`,
    { status: 400 },
  )
}
