// The file beside the tests of the types, restaurant-bot.ts, is what the domain in this test gives.

import test from 'ava'
import fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import type { DomainJson } from '@tabula/protocol'
import { saysTheSame, writeBotTypes } from './write-bot-types.ts'

const domain: DomainJson = {
  intents: ['greet', { inform: { use_entities: [] } }],
  entities: ['cuisine', { city: { roles: ['from', 'to'] } }],
  slots: {
    cuisine: { type: 'text', mappings: [{ type: 'from_entity', entity: 'cuisine' }] },
    'amount-of-money': { type: 'float', mappings: [{ type: 'custom' }] },
    size: { type: 'categorical', values: ['small', 'large'], mappings: [{ type: 'custom' }] },
  },
  responses: {
    utter_greet: [{ text: 'Hello' }],
    utter_price: [{ text: '{price} for {cuisine}' }],
  },
  forms: { restaurant_form: { required_slots: ['cuisine', 'size'] } },
  actions: ['action_price', { action_big: { send_domain: true } }],
}

test('the types are those that the compiler’s tests use', async t => {
  const written = await readFile(join(import.meta.dirname, '..', '..', 'test', 'restaurant-bot.ts'), 'utf8')
  t.true(saysTheSame(written, writeBotTypes(domain)), writeBotTypes(domain))
  t.false(saysTheSame(written, writeBotTypes({ ...domain, intents: ['greet'] })))
})

test('for every domain, whatever its names, the file is TypeScript that Node runs', t => {
  const name = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter(text => text.isWellFormed() && text !== '__proto__')
  const names = fc.array(name, { maxLength: 4 })
  fc.assert(
    fc.property(names, names, names, name, (intents, slots, responses, value) => {
      const text = writeBotTypes({
        intents,
        entities: intents,
        slots: Object.fromEntries(
          slots.map(slot => [slot, { type: 'categorical', values: [value], mappings: [{ type: 'custom' }] }]),
        ),
        responses: Object.fromEntries(responses.map(response => [response, [{ text: `{${value}}` }]])),
        forms: { form: { required_slots: slots } },
        actions: responses,
      })
      t.notThrows(() => stripTypeScriptTypes(text), text)
    }),
  )
})
