// What the environment says of endpoints, under what endpoints.yml says.

import { textSetting } from '@tabula/core-server'
import { CodedError } from '@tabula/protocol'
import type { Environment } from './environment.ts'

type Endpoints = Readonly<Record<string, unknown>>

/** The endpoints with ACTION_ENDPOINT and REDIS_URL where they name none; throws CodedError `settings.redis-url`. */
export function settingsOver(endpoints: Endpoints, environment: Environment): Endpoints {
  const action = textSetting(environment, 'ACTION_ENDPOINT')
  const redis = textSetting(environment, 'REDIS_URL')
  const stores = redis === undefined ? {} : storesOf(redis, textSetting(environment, 'REDIS_PASSWORD'))
  return {
    ...(action === undefined ? {} : { action_endpoint: { url: action } }),
    ...stores,
    ...Object.fromEntries(Object.entries(endpoints).filter(([, value]) => value !== null)),
  }
}

/** `?mode=cluster` stands for a Redis Cluster, of which the host is one node. */
function storesOf(address: string, given: string | undefined): Endpoints {
  if (!URL.canParse(address) || !/^rediss?:$/.test(new URL(address).protocol)) {
    throw new CodedError(
      'settings.redis-url',
      'REDIS_URL should be redis://[:password@]host:6379[/database], or rediss:// for TLS, with ?mode=cluster for a cluster.',
    )
  }
  const { hostname, port, username, password: own, pathname, protocol, searchParams } = new URL(address)
  const number = port === '' ? 6379 : Number(port)
  const password = own === '' ? given : decodeURIComponent(own)
  const settings = {
    type: 'redis',
    ...(searchParams.get('mode') === 'cluster'
      ? { cluster: [{ host: hostname, port: number }] }
      : { url: hostname, port: number, db: Number(pathname.slice(1) || 0) }),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === undefined ? {} : { password }),
    ...(protocol === 'rediss:' ? { use_ssl: true } : {}),
  }
  return { tracker_store: settings, lock_store: settings }
}
