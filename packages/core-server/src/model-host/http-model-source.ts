// Rasa's model server (`models:` of endpoints.yml): asked with If-None-Match, it sends a new model or says that there is none.

import { basename } from 'node:path'
import { CodedError } from '@tabula/protocol'
import type { Agent } from 'undici'
import { openAgent } from '../action-client/endpoint-client.ts'
import type { Endpoint } from '../action-client/endpoint.ts'
import { ARCHIVE_LIMITS, checkDigest, readLimited } from './read-limited.ts'
import type { FetchedModel, ModelSource } from './model-source.ts'

/** Milliseconds for a download. */
const DEADLINE = 300_000

/** What means "keep the model you have": nothing new, not yet there, or not to be had now. */
export function createHttpModelSource(
  endpoint: Endpoint,
  open: () => Promise<Agent> = () => openAgent(endpoint),
): ModelSource {
  const { origin, pathname, search } = new URL(endpoint.url)
  const place = `${origin}${pathname}`
  let agent: Promise<Agent> | null = null
  return {
    place,
    async fetch(known): Promise<FetchedModel | null> {
      agent ??= open()
      const reply = await (
        await agent
      ).request({
        origin,
        path: `${pathname}${search}`,
        method: 'GET',
        headers: { ...endpoint.headers, ...(known === null ? {} : { 'if-none-match': known }) },
        signal: AbortSignal.timeout(DEADLINE),
      })
      if (reply.statusCode !== 200) {
        await reply.body.dump()
        if ([204, 304, 404].includes(reply.statusCode)) return null
        throw new CodedError('model.source', `${place} answered ${reply.statusCode}.`, { status: 502 })
      }
      const fingerprint = text(reply.headers['etag'])
      const bytes = await readLimited(reply.body, ARCHIVE_LIMITS.packedBytes, place)
      // Rasa loads nothing without an ETag: it could not tell the next answer from this one.
      if (fingerprint === undefined) return null
      checkDigest(bytes, text(reply.headers['content-digest']), place)
      return { name: basename(text(reply.headers['filename']) ?? 'model.tar.gz'), bytes, fingerprint }
    },
    async close() {
      await (await agent)?.destroy()
    },
  }
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
