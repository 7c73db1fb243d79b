import test from 'ava'
import type { SlotJson, SlotMapping } from '@tabula/protocol'
import { slotType } from './slot-type.ts'

const entity: SlotMapping = { type: 'from_entity', entity: 'x' }
const text: SlotMapping = { type: 'from_text' }
const custom: SlotMapping = { type: 'custom' }
const intent = (value: string | boolean | number): SlotMapping => ({ type: 'from_intent', value })

const typeOf = (type: string, mappings: readonly SlotMapping[], rest: Partial<SlotJson> = {}) =>
  slotType({ type, mappings, ...rest })

test('a slot has the type that the domain gives it, and what its mappings let in besides', t => {
  t.is(typeOf('text', [entity, text]), 'string')
  t.is(typeOf('float', [custom]), 'number')
  t.is(typeOf('float', []), 'number')
  t.is(typeOf('float', [entity, custom]), 'number | string', 'the text that was recognized stays a text')
  t.is(typeOf('bool', [intent(true), text]), 'boolean | string')
  t.is(typeOf('text', [text, intent(false)]), 'string | boolean')
  t.is(typeOf('list', [entity]), 'readonly JsonValue[]')
  t.is(typeOf('any', [custom]), 'JsonValue')
  t.is(typeOf('shop.slots.Money', [entity, custom]), 'JsonValue')
})

test('a list of values is kept as far as Rasa keeps to it', t => {
  const values = ['low', "don't know"]
  t.is(typeOf('categorical', [intent('low')], { values }), "'low' | 'don\\'t know'")
  t.is(typeOf('categorical', [intent('other')], { values: ['low', 1] }), "'low' | 1 | 'other'")
  t.is(typeOf('categorical', [entity], { values }), 'string', 'texts that are not listed get in, too')
  t.is(typeOf('categorical', []), 'JsonValue')
})
