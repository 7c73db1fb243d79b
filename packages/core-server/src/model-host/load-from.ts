// Loads the model that a request names: a file below the folder of models, a model server, or a cloud's storage.

import { CodedError } from '@tabula/protocol'
import { readEndpoint } from '../action-client/endpoint.ts'
import type { ModelSource as NamedSource } from '../http/bodies.ts'
import type { Outgoing } from '../http/outgoing.ts'
import type { ModelHost } from './model-host.ts'
import type { ModelSource } from './model-source.ts'
import { loadFetched } from './open-model.ts'
import type { ServedModel } from './served-model.ts'

export interface LoadFromParts {
  readonly models: ModelHost
  readonly outgoing: Outgoing
  /** What a loaded model goes through before it is used. */
  readonly understand: (model: ServedModel) => ServedModel
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Makes the named model live. Throws CodedError where it cannot be had or read; then the old one goes on serving. */
export async function loadFrom(named: NamedSource, parts: LoadFromParts): Promise<void> {
  if (named.kind === 'file') {
    await parts.models.load(named.file)
    return
  }
  const source = await openSource(named, parts)
  try {
    const fetched = await source.fetch(null)
    if (fetched === null) {
      throw new CodedError('model.source', `${source.place} offers no model.`, { status: 400 })
    }
    parts.models.swap(parts.understand(await loadFetched(fetched)))
  } finally {
    await source.close()
  }
}

async function openSource(
  named: Exclude<NamedSource, { kind: 'file' }>,
  { outgoing, environment }: LoadFromParts,
): Promise<ModelSource> {
  if (named.kind === 'storage') {
    const { archiveKey, openStorage } = await import('./remote-storage.ts')
    return openStorage(named.name, { key: archiveKey(named.file ?? 'model'), environment })
  }
  const url = await outgoing.check(named.url, 'model_server')
  const { createHttpModelSource } = await import('./http-model-source.ts')
  return createHttpModelSource(readEndpoint(named.settings, 'model_server'), () => outgoing.openAgent(url))
}
