// A model in S3, or in what speaks its protocol: BUCKET_NAME, AWS_ENDPOINT_URL, and AWS's own variables.

import { basename } from 'node:path'
import { ARCHIVE_LIMITS, readLimited, type StreamOfBytes } from './read-limited.ts'
import type { ModelSource } from './model-source.ts'
import { library, needed, storageError, type StorageSettings } from './remote-storage.ts'

export async function createS3ModelSource(settings: StorageSettings): Promise<ModelSource> {
  const { S3Client, GetObjectCommand } = await library(
    '@aws-sdk/client-s3',
    () => import('@aws-sdk/client-s3'),
  )
  const { key, environment } = settings
  const bucket = needed('BUCKET_NAME', settings)
  const endpoint = environment['AWS_ENDPOINT_URL']
  const client = new S3Client({
    region: environment['AWS_DEFAULT_REGION'] ?? environment['AWS_REGION'] ?? 'us-east-1',
    ...(endpoint === undefined || endpoint === '' ? {} : { endpoint, forcePathStyle: true }),
  })
  const place = `s3://${bucket}/${key}`
  return {
    place,
    async fetch(known) {
      try {
        const found = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(known === null ? {} : { IfNoneMatch: known }),
          }),
        )
        const stream = found.Body as StreamOfBytes | undefined
        if (stream === undefined) return null
        const bytes = await readLimited(stream, ARCHIVE_LIMITS.packedBytes, place)
        return { name: basename(key), bytes, fingerprint: found.ETag ?? null }
      } catch (error) {
        if (statusOf(error) === 304) return null
        throw storageError(place, error)
      }
    },
    close() {
      client.destroy()
      return Promise.resolve()
    },
  }
}

function statusOf(error: unknown): number | null {
  const metadata = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata
  return metadata?.httpStatusCode ?? null
}
