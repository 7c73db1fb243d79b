import test from 'ava'
import { echoModel } from '../../test/echo-engine.ts'
import { ModelHost } from './model-host.ts'

function hostOf(): ModelHost {
  return new ModelHost(echoModel('live'), async path => {
    if (path === 'broken') throw new Error('it is broken')
    return echoModel(path)
  })
}

const senders = Array.from({ length: 2000 }, (_, index) => `sender-${index}`)

function chosen(host: ModelHost): string[] {
  return senders.filter(sender => host.require(sender).metadata.model_id !== 'live')
}

test('a canary answers its share of the senders, and each sender stays on one side', async t => {
  const host = hostOf()
  await host.startCanary('new', 0.1)
  const first = chosen(host)
  t.true(Math.abs(first.length / senders.length - 0.1) < 0.02, `${first.length} of ${senders.length}`)
  t.deepEqual(chosen(host), first)
  await host.startCanary('new', 0.5)
  const wider = new Set(chosen(host))
  t.true(
    first.every(sender => wider.has(sender)),
    'a larger share keeps those that it had',
  )
})

test('another canary is tried on other people', async t => {
  const host = hostOf()
  await host.startCanary('one', 0.1)
  const first = new Set(chosen(host))
  await host.startCanary('two', 0.1)
  t.true(chosen(host).some(sender => !first.has(sender)))
})

test('a canary can be taken back or made live, and a swap undone', async t => {
  const host = hostOf()
  await host.startCanary('new', 1)
  t.is(host.require('ann').metadata.model_id, 'new')
  t.is(host.require().metadata.model_id, 'live')
  host.dropCanary()
  t.is(host.require('ann').metadata.model_id, 'live')
  await host.startCanary('new', 0.5)
  host.promoteCanary()
  t.is(host.require().metadata.model_id, 'new')
  t.is(host.canary, null)
  host.rollBack()
  t.is(host.require().metadata.model_id, 'live')
})

test('what cannot be loaded, promoted or rolled back leaves the live model serving', async t => {
  const host = hostOf()
  await t.throwsAsync(host.startCanary('broken', 0.5))
  await t.throwsAsync(host.load('broken'))
  t.is(host.canary, null)
  t.throws(() => {
    host.promoteCanary()
  })
  t.throws(() => {
    host.dropCanary()
  })
  t.throws(() => {
    host.rollBack()
  })
  t.is(host.require('ann').metadata.model_id, 'live')
})

test('without a live model there is nothing to compare a canary with', async t => {
  const host = new ModelHost(null, async path => echoModel(path))
  const error = await t.throwsAsync(host.startCanary('new', 0.5))
  t.like(error, { code: 'model.none', status: 409 })
})
