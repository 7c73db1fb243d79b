// Stories told back, against recordings of Rasa.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DomainJson, LoggedEvent, TrackerState } from '@tabula/protocol'
import test from 'ava'
import { Domain } from '../domain/domain.ts'
import { writeStory } from './story-writer.ts'
import { Tracker } from './tracker.ts'

const golden = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/conformance/golden')

interface Recorded {
  readonly domain: DomainJson
  readonly conversations: readonly {
    readonly id: string
    readonly tracker: { readonly body: TrackerState }
    readonly story: { readonly body: string }
  }[]
}

for (const bot of ['concertbot', 'financial-demo', 'formbot', 'moodbot', 'reminderbot', 'rules']) {
  const file = join(golden, `${bot}.golden.json`)
  const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : null
  ;(recorded === null ? test.skip : test)(`${bot}: conversations are told as Rasa tells them`, t => {
    const domain = Domain.fromJson(recorded?.domain ?? {})
    for (const { id, tracker, story } of recorded?.conversations ?? []) {
      const events = (tracker.body.events ?? []) as readonly LoggedEvent[]
      const told = writeStory(Tracker.fromEvents(tracker.body.sender_id, domain, events))
      t.is(told, withoutPoints(story.body), id)
    }
  })
}

/** JSON as we read it does not tell 5.0 from 5. */
function withoutPoints(story: string): string {
  return story.replace(/: (\d+)\.0$/gm, ': $1')
}

const action = (name: string) =>
  ({ event: 'action', name, policy: null, confidence: 1, action_text: null, hide_rule_turn: false }) as const

test('annotated words, lists, quotes and several sessions survive the way into a story file', t => {
  const events = [
    action('action_session_start'),
    { event: 'session_started' },
    action('action_listen'),
    {
      event: 'user',
      text: 'from Berlin 🙂 to Rome',
      parse_data: {
        intent: { name: 'travel' },
        entities: [
          { entity: 'city', value: 'Berlin', start: 5, end: 11 },
          { entity: 'city', value: 'roma', role: 'to', start: 17, end: 21 },
        ],
      },
      input_channel: 'rest',
      message_id: 'm',
    },
    { event: 'slot', name: 'list', value: [{ name: 'a', n: 1 }, 'it: b', null] },
    { event: 'slot', name: 'yes', value: 'true' },
    action('action_session_start'),
    action('utter_hi'),
  ].map((event, timestamp) => ({ ...event, timestamp })) as readonly LoggedEvent[]
  const tracker = Tracker.fromEvents('al', Domain.fromJson({}), events)
  t.snapshot(writeStory(tracker, { allSessions: true }))
})
