import test from 'ava'
import { createHash } from 'node:crypto'
import type { DomainJson } from '@tabula/protocol'
import { DomainKeeper } from './domain-keeper.ts'

const digestOf = (domain: DomainJson) => createHash('sha256').update(JSON.stringify(domain)).digest('hex')

test('a domain is kept under its own digest alone, and no handler can change it', t => {
  const keeper = new DomainKeeper()
  const domain = { intents: ['greet'], slots: {} }
  t.false(keeper.keep('0'.repeat(64), domain))
  t.is(keeper.find('0'.repeat(64)), undefined)
  t.true(keeper.keep(digestOf(domain), domain))
  const kept = keeper.find(digestOf(domain))
  t.deepEqual(kept, domain)
  t.throws(() => {
    Object.assign(kept ?? {}, { intents: [] })
  })
})

test('the domains of the latest models are kept, older ones are let go', t => {
  const keeper = new DomainKeeper()
  const domains = Array.from({ length: 17 }, (_, index) => ({ intents: [`intent_${index}`] }))
  const [first = {}, second = {}] = domains
  for (const domain of domains) {
    keeper.keep(digestOf(domain), domain)
    keeper.find(digestOf(first))
  }
  t.not(keeper.find(digestOf(first)), undefined)
  t.is(keeper.find(digestOf(second)), undefined)
})
