// The cases are what rasa-sdk 3.6.2 said and returned for the same objects and slots, with its shuffling left out.

import test from 'ava'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testAction } from '../test-action.ts'
import type { JsonValue } from '@tabula/protocol'
import type { CollectingDispatcher } from '../collecting-dispatcher.ts'
import { ActionQueryKnowledgeBase } from './action-query-knowledge-base.ts'
import type { KnowledgeData } from './in-memory-knowledge-base.ts'
import { InMemoryKnowledgeBase } from './in-memory-knowledge-base.ts'

interface Case {
  readonly what: string
  readonly slots: Readonly<Record<string, JsonValue>>
  readonly entities: readonly string[]
  readonly said: readonly string[]
  readonly events: readonly (readonly [string, JsonValue])[]
}

const { data, cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'test', 'knowledge-base-cases.json'), 'utf8'),
) as { readonly data: KnowledgeData; readonly cases: readonly Case[] }

/** Leaves a list as it is, and picks the last for ANY. */
const highest = () => 0.999

class Query extends ActionQueryKnowledgeBase {}

for (const { what, slots, entities, said, events } of cases) {
  test(`${what}: what is said and remembered is as with rasa-sdk`, async t => {
    const result = await testAction(new Query(new InMemoryKnowledgeBase(data, highest)), {
      slots,
      entities: entities.map(entity => ({ entity, value: slots[entity] ?? null })),
    })
    t.deepEqual(result.texts, said)
    t.deepEqual(
      result.events.map(event => (event.event === 'slot' ? [event.name, event.value] : event.event)),
      events as unknown[],
    )
  })
}

test('a mention that points past the list gets a question, not a failure', async t => {
  const slots = {
    attribute: 'cuisine',
    mention: '9',
    knowledge_base_listed_objects: [0, 1],
    knowledge_base_last_object_type: 'restaurant',
  }
  const entities = [{ entity: 'attribute', value: 'cuisine' }]
  const result = await testAction(new Query(new InMemoryKnowledgeBase(data)), { slots, entities })
  t.deepEqual(result.texts, ['utter_ask_rephrase'])
})

test('a bot may say things in its own words, name objects its own way, and key them by another attribute', async t => {
  class Own extends Query {
    override utterAttributeValue(
      dispatcher: CollectingDispatcher,
      name: string,
      attribute: string,
      value: JsonValue,
    ) {
      dispatcher.utterMessage({ response: 'utter_attribute', name, attribute, value })
    }
  }
  const base = new InMemoryKnowledgeBase(data)
  base.setKeyAttributeOfObject('hotel', 'name')
  base.setRepresentationOfObject('hotel', ({ id }) => `Hotel ${JSON.stringify(id)}`)
  const slots = { object_type: 'hotel', hotel: 'hilton', attribute: 'city' }
  const entities = [{ entity: 'attribute', value: 'city' }]
  const result = await testAction(new Own(base), { slots, entities })
  t.like(result.messages[0], { response: 'utter_attribute', name: 'Hotel 0', value: 'Berlin' })
  t.is(result.slots['knowledge_base_last_object'], 'Hilton')
})

test('without the last object a question that names none is asked again', async t => {
  const slots = { object_type: 'restaurant', attribute: 'cuisine', knowledge_base_last_object: 2 }
  const entities = [{ entity: 'attribute', value: 'cuisine' }]
  const query = new Query(new InMemoryKnowledgeBase(data), { useLastObjectMention: false })
  t.deepEqual((await testAction(query, { slots, entities })).texts, ['utter_ask_rephrase'])
})
