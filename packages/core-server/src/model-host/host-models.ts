// Puts the model host together: the first model, where the next ones come from, and what each goes through before it is used.

import type { EndpointClient } from '../action-client/endpoint-client.ts'
import type { Endpoints } from '../config/read-endpoints.ts'
import type { ServerOptions } from '../config/server-options.ts'
import type { Log } from '../telemetry/log.ts'
import { ModelHost } from './model-host.ts'
import type { ModelWatch } from './model-watch.ts'
import { loaderBelow, loadFetched, modelFolder, openModel } from './open-model.ts'
import type { ServedModel } from './served-model.ts'

export type Understand = (model: ServedModel) => ServedModel

/** What a loaded model goes through before it is used: with `nlu:` in endpoints.yml another server understands for it. */
export async function understandingOf(client: EndpointClient | null, log: Log): Promise<Understand> {
  if (client === null) return model => model
  const { withRemoteUnderstanding } = await import('./remote-understanding.ts')
  return model => withRemoteUnderstanding(model, client, log)
}

/** The host with its first model: one that is given, or that of a path; without either it waits for one. */
export async function openModels(
  { model = 'models', remoteStorage }: ServerOptions,
  understand: Understand,
  log: Log,
): Promise<ModelHost> {
  const path = typeof model === 'object' ? model.file : remoteStorage === undefined ? model : undefined
  const load = loaderBelow(await modelFolder(path))
  const opened = typeof model === 'object' ? model : path === undefined ? null : await openModel(path, log)
  return new ModelHost(opened === null ? null : understand(opened), async file =>
    understand(await load(file)),
  )
}

/** Takes the model from endpoints.yml's model server, or from a cloud's storage, and keeps asking for a newer one. */
export async function watchModels(
  { model, remoteStorage }: ServerOptions,
  { models: server }: Endpoints,
  environment: Readonly<Record<string, string | undefined>>,
  {
    models,
    understand,
    log,
  }: { readonly models: ModelHost; readonly understand: Understand; readonly log: Log },
): Promise<ModelWatch | null> {
  if (server === null && remoteStorage === undefined) return null
  const [{ ModelWatch }, { archiveKey, openStorage }, { createHttpModelSource }] = await Promise.all([
    import('./model-watch.ts'),
    import('./remote-storage.ts'),
    import('./http-model-source.ts'),
  ])
  const key = archiveKey(typeof model === 'string' ? model : 'model')
  const watch = new ModelWatch({
    source:
      server === null
        ? await openStorage(remoteStorage ?? '', { key, environment })
        : createHttpModelSource(server),
    pause: server === null ? null : server.pause,
    load: async fetched => understand(await loadFetched(fetched)),
    onModel: fetched => {
      models.swap(fetched)
    },
    log,
  })
  await watch.start()
  return watch
}
