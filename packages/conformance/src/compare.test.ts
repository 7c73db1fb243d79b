// The comparison itself: a check that cannot fail would prove nothing.

import { existsSync } from 'node:fs'
import test from 'ava'
import { compare } from './compare.ts'
import { goldenFile } from './shared-folder.ts'
import { readRecording, type Recording } from './recording.ts'

const small: Recording = {
  domain: { responses: { utter_hi: [{ text: 'Hi' }, { text: 'Hello' }] } },
  conversations: [
    {
      id: 'a',
      sender: 'a',
      steps: [
        {
          step: { say: 'hi' },
          answer: { status: 200, type: 'application/json', body: [{ recipient_id: 'a', text: 'Hi' }] },
        },
      ],
      tracker: {
        status: 200,
        type: 'application/json',
        body: {
          slots: { city: null },
          events: [{ event: 'action', name: 'utter_hi', timestamp: 1, confidence: 1 }],
        },
      },
      story: { status: 200, type: 'text/plain', body: 'story of a' },
    },
  ],
  parses: [],
  probes: [],
}

test('a recording is the same as itself, also with another clock and another variation', t => {
  const text = JSON.stringify(small)
    .replace('"timestamp":1', '"timestamp":2')
    .replace('"text":"Hi"}]}}', '"text":"Hello"}]}}')
  const { differences, score } = compare(small, JSON.parse(text) as Recording, [])
  t.deepEqual(differences, [])
  t.is(score.get('conversations: events')?.total, 1)
})

test('another action, slot or answer is found, and a known difference is excused by name', t => {
  const other = JSON.parse(
    JSON.stringify(small)
      .replace('"name":"utter_hi"', '"name":"utter_bye"')
      .replace('"city":null', '"city":"Rome"'),
  ) as Recording
  const found = compare(small, other, []).differences.map(difference => difference.kind)
  t.deepEqual(found, ['conversations: events', 'conversations: slots'])
  const known = [{ kind: 'conversations: slots', where: 'a', why: 'because' }]
  const excused = compare(small, other, known)
  t.deepEqual(
    excused.differences.map(difference => difference.kind),
    ['conversations: events'],
  )
  t.is(excused.excused.get('because'), 1)
})

const golden = goldenFile('moodbot')
;(existsSync(golden) ? test : test.skip)(
  'the recording of moodbot is the same as itself in every line',
  t => {
    const recording = readRecording(golden)
    const { differences, score } = compare(recording, recording, [])
    t.deepEqual(differences, [])
    t.true((score.get('conversations: events')?.total ?? 0) > 40)
  },
)
