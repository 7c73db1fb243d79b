import test from 'ava'
import { settingsOver } from './settings-over.ts'

test('endpoints.yml decides, and the environment stands in for what it does not name', t => {
  const environment = {
    ACTION_ENDPOINT: 'http://actions:5055/webhook',
    REDIS_URL: 'redis://:p%40ss@redis:6380/2',
  }
  const store = { type: 'redis', url: 'redis', port: 6380, db: 2, password: 'p@ss' }
  t.deepEqual(settingsOver({}, environment), {
    action_endpoint: { url: 'http://actions:5055/webhook' },
    tracker_store: store,
    lock_store: store,
  })
  const named = { action_endpoint: { url: 'http://own' }, tracker_store: { type: 'sql' } }
  t.deepEqual(settingsOver({ ...named, nlg: null }, environment), { ...named, lock_store: store })
})

test('a cluster, TLS and a password of its own are understood, another address is refused', t => {
  const { tracker_store: store } = settingsOver(
    {},
    { REDIS_URL: 'rediss://nodes:6379?mode=cluster', REDIS_PASSWORD: 'secret' },
  )
  t.deepEqual(store, {
    type: 'redis',
    cluster: [{ host: 'nodes', port: 6379 }],
    password: 'secret',
    use_ssl: true,
  })
  t.throws(() => settingsOver({}, { REDIS_URL: 'localhost' }), { code: 'settings.redis-url' })
})
