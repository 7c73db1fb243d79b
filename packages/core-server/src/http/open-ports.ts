// Opens the ports of a server: Rasa's, with its channels on it, and the public one of the shop.

import type { RequestListener } from 'node:http'
import type { Channel } from '../channels/channel.ts'
import type { ComposedShop, ShopComposition } from '../compose-shop.ts'
import type { ServerOptions } from '../config/server-options.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'
import type { FindUnready } from './service-routes.ts'

type Handler = (...heard: Parameters<RequestListener>) => void | Promise<void>

/** What opens ports: the machine, or a server that has several assistants behind one port. */
export interface PortHost {
  readonly listen: typeof listen
  /** Told once how to ask an assistant whether it can take messages. */
  watch?(findUnready: FindUnready): void
}

/** Resolves when Rasa's port answers. */
export async function openPort(
  host: PortHost,
  options: ServerOptions,
  handler: Handler,
  channels: readonly Channel[],
): Promise<Listening> {
  const server = await host.listen((request, response) => void handler(request, response), {
    port: options.port ?? 5005,
    host: options.interface ?? '0.0.0.0',
    setting: options.portSettings?.server ?? '--port',
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.requestTimeout === undefined ? {} : { requestTimeout: options.requestTimeout * 1000 }),
  })
  for (const channel of channels) channel.attach?.(server.server)
  return server
}

export interface OpenShop {
  readonly listening: Listening
  readonly composed: ComposedShop
}

/** Resolves when the public port answers. */
export async function openShop(
  shop: NonNullable<ServerOptions['shop']>,
  options: Pick<ServerOptions, 'interface' | 'portSettings' | 'endpoints'>,
  parts: Pick<ShopComposition, 'assistant' | 'store' | 'log' | 'environment'>,
): Promise<OpenShop> {
  const [{ composeShop }, { demoSettings }] = await Promise.all([
    import('../compose-shop.ts'),
    import('../config/shop-settings.ts'),
  ])
  const { port = 5000, staticDir, settings = demoSettings() } = shop
  const composed = await composeShop({
    ...parts,
    settings,
    staticDir,
    privacy: options.endpoints?.['privacy'],
  })
  try {
    const listening = await listen(composed.handler, {
      port,
      host: options.interface ?? '0.0.0.0',
      setting: options.portSettings?.shop ?? 'shop.port',
    })
    return { listening, composed }
  } catch (error) {
    await composed.close()
    throw error
  }
}
