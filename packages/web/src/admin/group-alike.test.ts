import test from 'ava'
import { groupAlike } from './group-alike.ts'

const texts = (messages: readonly string[]): readonly (readonly string[])[] =>
  groupAlike(messages.map(text => ({ text }))).map(group => group.map(({ text }) => text))

test('messages that say the same are labelled together, others are not', t => {
  t.deepEqual(
    texts([
      'where is my parcel',
      'Where is my parcel?',
      'wheer is my parcel',
      'do you sell chairs',
      '我的包裹在哪里',
      '我的包裹在哪',
    ]),
    [
      ['where is my parcel', 'Where is my parcel?', 'wheer is my parcel'],
      ['do you sell chairs'],
      ['我的包裹在哪里', '我的包裹在哪'],
    ],
  )
})

test('messages without words are one group, not an error', t => {
  t.deepEqual(texts(['???', '🙂', 'hi']), [['???', '🙂'], ['hi']])
  t.deepEqual(texts([]), [])
})
