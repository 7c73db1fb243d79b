// A process of role api: the public side alone, before processes of role inference.

import { InferencePool } from './assistant/inference-pool.ts'
import { RemoteAssistant } from './assistant/remote-assistant.ts'
import { LIMITS } from './config/limits.ts'
import { readEndpoints } from './config/read-endpoints.ts'
import type { RunningServer, ServerOptions } from './config/server-options.ts'
import { demoSettings } from './config/shop-settings.ts'
import { openShop } from './http/open-ports.ts'
import type { Log } from './telemetry/log.ts'
import { openState } from './tracker-store/open-state.ts'

export interface ApiParts {
  readonly log: Log
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A public side whose port answers. Throws CodedError as `compose` does, and `assistant.endpoint`. */
export async function composeApi(
  options: ServerOptions,
  { log, environment }: ApiParts,
): Promise<RunningServer> {
  const { settings = demoSettings() } = options.shop ?? {}
  const assistant = new RemoteAssistant(
    new InferencePool({
      endpoints: settings.inferenceEndpoints,
      token: settings.inferenceToken,
      deadline: settings.forwardDeadline,
      connections: settings.forwardConnections,
      answerBytes: LIMITS.actionReplyBytes,
    }),
    LIMITS.waitingPerSender,
  )
  const endpoints = readEndpoints(options.endpoints ?? {}, options.trackerStore, log)
  // Only the conversations are read and erased here; their order is kept where they are held.
  const state = await openState({ ...endpoints, lockStore: { kind: 'memory' } }, log)
  const { store } = state
  const opened = await openShop({ ...options.shop, settings }, options, {
    environment,
    assistant,
    store,
    log,
  })
  const { composed: shop, listening } = opened
  const end = async (notice: number): Promise<void> => {
    shop.beginStop()
    if (notice > 0) await new Promise(resolve => setTimeout(resolve, notice))
    shop.beginClose()
    await listening.close(LIMITS.stopGrace)
    await shop.close()
    await state.close()
  }
  let ended: Promise<void> | null = null
  return {
    urls: { server: listening.url, shop: listening.url },
    stop: (notice = 0) => (ended ??= end(notice)),
  }
}
