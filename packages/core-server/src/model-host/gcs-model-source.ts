// A model in Google's storage: BUCKET_NAME, and Google's own GOOGLE_APPLICATION_CREDENTIALS.

import { basename } from 'node:path'
import { ARCHIVE_LIMITS, readLimited } from './read-limited.ts'
import type { ModelSource } from './model-source.ts'
import { library, needed, storageError, type StorageSettings } from './remote-storage.ts'

export async function createGcsModelSource(settings: StorageSettings): Promise<ModelSource> {
  const { Storage } = await library('@google-cloud/storage', () => import('@google-cloud/storage'))
  const { key, environment } = settings
  const bucket = needed('BUCKET_NAME', settings)
  // The emulator's variable, as Google's other libraries know it.
  const endpoint = environment['STORAGE_EMULATOR_HOST']
  const storage = new Storage(
    endpoint === undefined || endpoint === '' ? {} : { apiEndpoint: endpoint, projectId: 'emulated' },
  )
  const file = storage.bucket(bucket).file(key)
  const place = `gs://${bucket}/${key}`
  return {
    place,
    async fetch(known) {
      try {
        const [metadata] = await file.getMetadata()
        const fingerprint = metadata.etag ?? null
        if (fingerprint !== null && fingerprint === known) return null
        const bytes = await readLimited(file.createReadStream(), ARCHIVE_LIMITS.packedBytes, place)
        return { name: basename(key), bytes, fingerprint }
      } catch (error) {
        throw storageError(place, error)
      }
    },
    close: () => Promise.resolve(),
  }
}
