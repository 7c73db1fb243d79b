// Opens the ports of a server: Rasa's, with its channels on it, and the public one of the shop.

import type Koa from 'koa'
import type { Channel, ChannelHost } from '../channels/channel.ts'
import type { ServerOptions } from '../config/server-options.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'

type Handler = ReturnType<Koa['callback']>

/** Resolves when all ports answer; where one cannot be opened none stays open. */
export async function openPorts(
  options: ServerOptions,
  handler: Handler,
  host: ChannelHost,
  channels: readonly Channel[],
): Promise<readonly [Listening, ...Listening[]]> {
  const address = options.interface ?? '0.0.0.0'
  const settings = options.portSettings ?? { server: '--port', shop: 'shop.port' }
  const server = await listen((request, response) => void handler(request, response), {
    port: options.port ?? 5005,
    host: address,
    setting: settings.server,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.requestTimeout === undefined ? {} : { requestTimeout: options.requestTimeout * 1000 }),
  })
  for (const channel of channels) channel.attach?.(server.server)
  if (options.shop === undefined) return [server]
  try {
    return [server, await openShop(options.shop, address, settings.shop, host)]
  } catch (error) {
    await server.close(0)
    throw error
  }
}

async function openShop(
  shop: NonNullable<ServerOptions['shop']>,
  host: string,
  setting: string,
  channelHost: ChannelHost,
): Promise<Listening> {
  const [{ createShopApp }, { readStaticFiles }] = await Promise.all([
    import('../shop/shop-app.ts'),
    import('../shop/static-files.ts'),
  ])
  const files =
    shop.staticDir === undefined ? new Map<string, never>() : await readStaticFiles(shop.staticDir)
  const handler = createShopApp(channelHost, files).callback()
  return listen((request, response) => void handler(request, response), {
    port: shop.port ?? 5000,
    host,
    setting,
  })
}
