// `--remote-storage aws|gcs|azure`: the model of a name in a cloud's storage, with Rasa's settings in the environment. The
// clouds' own libraries find the credentials (also those of a machine's or a container's role); they are installed by who
// needs one.

import { CodedError } from '@tabula/protocol'
import type { ModelSource } from './model-source.ts'

export interface StorageSettings {
  /** Object key of the archive. */
  readonly key: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

export const STORAGES = ['aws', 'gcs', 'azure'] as const

/**
 * The source for a storage's name. Throws CodedError `model.storage` for another name, a missing setting, or a library
 * that is not installed.
 */
export async function openStorage(name: string, settings: StorageSettings): Promise<ModelSource> {
  switch (name) {
    case 'aws':
      return (await import('./s3-model-source.ts')).createS3ModelSource(settings)
    case 'gcs':
      return (await import('./gcs-model-source.ts')).createGcsModelSource(settings)
    case 'azure':
      return (await import('./azure-model-source.ts')).createAzureModelSource(settings)
    default:
      throw new CodedError('model.storage', `--remote-storage is '${name}'. Known: ${STORAGES.join(', ')}.`, {
        status: 400,
      })
  }
}

/** The archive's name as Rasa writes it into a storage. */
export function archiveKey(model: string): string {
  return model.endsWith('.tar.gz') ? model : `${model}.tar.gz`
}

/** A setting of the environment; throws CodedError `model.storage` where it is missing. */
export function needed(name: string, { environment }: StorageSettings): string {
  const value = environment[name]
  if (value === undefined || value === '')
    throw new CodedError('model.storage', `--remote-storage needs the environment variable ${name}.`, {
      status: 400,
    })
  return value
}

/** Loads a cloud's library; throws CodedError `model.storage` that says how to install it. */
export async function library<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    throw new CodedError('model.storage', `--remote-storage needs a library: npm install ${name}`, {
      status: 400,
      cause,
    })
  }
}

/** The complaint about a storage that did not give its model. */
export function storageError(place: string, cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CodedError('model.source', `${place} gave no model: ${reason}`, { status: 502, cause })
}
