import test from 'ava'
import { CollectingDispatcher } from './collecting-dispatcher.ts'

const EMPTY = {
  text: null,
  buttons: [],
  elements: [],
  custom: {},
  template: null,
  response: null,
  image: null,
  attachment: null,
}

test('a message has all of rasa-sdk’s keys, in its order, whatever was given', t => {
  const dispatcher = new CollectingDispatcher()
  dispatcher.utterMessage({ text: 'Hello' })
  t.is(JSON.stringify(dispatcher.messages), JSON.stringify([{ ...EMPTY, text: 'Hello' }]))
})

test('a response goes out under both of its names, and other keys are its variables', t => {
  const dispatcher = new CollectingDispatcher()
  dispatcher.utterMessage({ response: 'utter_price', price: 4.9 })
  dispatcher.utterMessage({ template: 'utter_old' })
  t.deepEqual(dispatcher.messages, [
    { ...EMPTY, template: 'utter_price', response: 'utter_price', price: 4.9 },
    { ...EMPTY, template: 'utter_old', response: 'utter_old' },
  ])
})

test('JSON for the channel, images, attachments, buttons and elements keep what was given', t => {
  const parts = {
    image: 'https://shop.example/box.png',
    attachment: { type: 'video' },
    buttons: [{ title: 'Yes', payload: '/affirm' }],
    elements: [{ title: 'Box' }],
  }
  const dispatcher = new CollectingDispatcher()
  dispatcher.utterMessage({ ...parts, json_message: { map: [1, 2] } })
  dispatcher.utterMessage({ custom: { card: true } })
  t.deepEqual(dispatcher.messages, [
    { ...EMPTY, ...parts, custom: { map: [1, 2] } },
    { ...EMPTY, custom: { card: true } },
  ])
})
