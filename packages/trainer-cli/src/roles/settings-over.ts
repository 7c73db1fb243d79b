// What the environment says of endpoints, under what endpoints.yml says.

import { textSetting } from '@tabula/core-server'
import { CodedError } from '@tabula/protocol'
import type { Environment } from './environment.ts'

type Endpoints = Readonly<Record<string, unknown>>

/** The endpoints with ACTION_ENDPOINT and REDIS_URL where they name none; throws CodedError `settings.redis-url`. */
export function settingsOver(endpoints: Endpoints, environment: Environment): Endpoints {
  const action = textSetting(environment, 'ACTION_ENDPOINT')
  const redis = textSetting(environment, 'REDIS_URL')
  const stores = redis === undefined ? {} : storesOf(redis)
  return {
    ...(action === undefined ? {} : { action_endpoint: { url: action } }),
    ...stores,
    ...Object.fromEntries(Object.entries(endpoints).filter(([, value]) => value !== null)),
  }
}

function storesOf(address: string): Endpoints {
  if (!URL.canParse(address) || !/^rediss?:$/.test(new URL(address).protocol)) {
    throw new CodedError(
      'settings.redis-url',
      'REDIS_URL should be redis://[:password@]host:6379[/database].',
    )
  }
  const { hostname, port, username, password, pathname, protocol } = new URL(address)
  const settings = {
    type: 'redis',
    url: hostname,
    port: port === '' ? 6379 : Number(port),
    db: Number(pathname.slice(1) || 0),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { use_ssl: true } : {}),
  }
  return { tracker_store: settings, lock_store: settings }
}
