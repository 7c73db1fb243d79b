// Carries answers to sockets of other processes.

import type { RedisClient } from '../redis/connect-redis.ts'
import type { ChannelHost, SocketAdapter } from './channel.ts'

interface ClosingAdapter {
  close(): void | Promise<void>
}

/** Over one Redis an answer reaches a socket of whichever process holds it; nothing where there is no socket channel. */
export async function socketAdapterOf(
  redis: RedisClient | null,
  credentials: Readonly<Record<string, unknown>> | undefined,
): Promise<Pick<ChannelHost, 'socketAdapter'>> {
  if (redis === null || credentials === undefined || !('socketio' in credentials)) return {}
  const { createAdapter } = await import('@socket.io/redis-streams-adapter')
  // It waits for the stream, and would hold up whatever else goes over its connection.
  const client = redis.duplicate()
  const create = createAdapter(client) as (namespace: unknown) => ClosingAdapter
  // No arrow: socket.io calls it with `new`.
  const socketAdapter = function adapterOf(namespace: unknown): ClosingAdapter {
    const adapter = create(namespace)
    const close = adapter.close.bind(adapter)
    adapter.close = async () => {
      await close()
      // After what it still had to tell the others.
      await client.quit().catch(() => undefined)
    }
    return adapter
  }
  return { socketAdapter: socketAdapter as unknown as SocketAdapter }
}
