// Carries answers to sockets of other processes.

import type { RedisClient } from '../redis/connect-redis.ts'
import type { ChannelHost, SocketAdapter } from './channel.ts'

/** Over one Redis an answer reaches a socket of whichever process holds it; nothing where there is no socket channel. */
export async function socketAdapterOf(
  redis: RedisClient | null,
  credentials: Readonly<Record<string, unknown>> | undefined,
): Promise<Pick<ChannelHost, 'socketAdapter'>> {
  if (redis === null || credentials === undefined || !('socketio' in credentials)) return {}
  const { createAdapter } = await import('@socket.io/redis-streams-adapter')
  // It waits for the stream, and would hold up whatever else goes over its connection.
  return { socketAdapter: createAdapter(redis.duplicate()) as SocketAdapter }
}
