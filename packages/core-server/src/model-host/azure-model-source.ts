// A model in Azure's blob storage: AZURE_CONTAINER, AZURE_ACCOUNT_NAME, AZURE_ACCOUNT_KEY.

import { basename } from 'node:path'
import { ARCHIVE_LIMITS, readLimited, type StreamOfBytes } from './read-limited.ts'
import type { ModelSource } from './model-source.ts'
import { library, needed, storageError, type StorageSettings } from './remote-storage.ts'

export async function createAzureModelSource(settings: StorageSettings): Promise<ModelSource> {
  const { BlobServiceClient, StorageSharedKeyCredential } = await library(
    '@azure/storage-blob',
    () => import('@azure/storage-blob'),
  )
  const { key, environment } = settings
  const account = needed('AZURE_ACCOUNT_NAME', settings)
  const container = needed('AZURE_CONTAINER', settings)
  const credential = new StorageSharedKeyCredential(account, needed('AZURE_ACCOUNT_KEY', settings))
  const url = environment['AZURE_BLOB_ENDPOINT'] ?? `https://${account}.blob.core.windows.net`
  const blob = new BlobServiceClient(url, credential).getContainerClient(container).getBlobClient(key)
  const place = `azure://${container}/${key}`
  return {
    place,
    async fetch(known) {
      try {
        const found = await blob.download(0, undefined, {
          ...(known === null ? {} : { conditions: { ifNoneMatch: known } }),
        })
        const stream = found.readableStreamBody as StreamOfBytes | undefined
        if (stream === undefined) return null
        const bytes = await readLimited(stream, ARCHIVE_LIMITS.packedBytes, place)
        return { name: basename(key), bytes, fingerprint: found.etag ?? null }
      } catch (error) {
        if ((error as { readonly statusCode?: number }).statusCode === 304) return null
        throw storageError(place, error)
      }
    },
    close: () => Promise.resolve(),
  }
}
