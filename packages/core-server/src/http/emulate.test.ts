import test from 'ava'
import type { ParseData } from '@tabula/protocol'
import { findEmulator } from './emulate.ts'

const parsed: ParseData = {
  text: '🙂 to Rome',
  intent: { name: 'go', confidence: 0.9 },
  entities: [
    { entity: 'city', value: 'rome', start: 5, end: 9, role: 'to', confidence_entity: 0.8, extractor: 'X' },
  ],
  intent_ranking: [
    { name: 'go', confidence: 0.9 },
    { name: 'stay', confidence: 0.1 },
  ],
}

test('a client of Wit still reads its entities', t => {
  t.deepEqual(findEmulator('WIT')(parsed), {
    text: '🙂 to Rome',
    intents: [{ name: 'go', confidence: 0.9 }],
    entities: Object.assign(Object.create(null), {
      'city:to': [
        {
          confidence: 0.8,
          name: 'city',
          value: 'rome',
          body: 'Rome',
          start: 5,
          end: 9,
          role: 'to',
          entities: [],
        },
      ],
    }) as unknown,
  })
})

test('a client of LUIS still reads scores and instances', t => {
  t.deepEqual(JSON.parse(JSON.stringify(findEmulator('luis')(parsed))), {
    query: '🙂 to Rome',
    prediction: {
      normalizedQuery: '🙂 to Rome',
      topIntent: 'go',
      intents: { go: { score: 0.9 }, stay: { score: 0.1 } },
      entities: {
        $instance: {
          to: [
            {
              role: 'to',
              type: 'city',
              text: 'rome',
              startIndex: 5,
              length: 4,
              score: null,
              modelType: 'X',
            },
          ],
        },
        to: ['rome'],
      },
    },
  })
})

test('a client of Dialogflow still reads intent and parameters', t => {
  t.like(findEmulator('Dialogflow')(parsed), {
    queryResult: { action: 'go', intentDetectionConfidence: 0.9, intent: { name: 'go', displayName: 'go' } },
  })
})

test('an unknown mode is refused with the known ones', t => {
  t.throws(() => findEmulator('nope'), { message: /WIT, LUIS, DIALOGFLOW/ })
  t.is(findEmulator(undefined)(parsed), parsed)
})
