import test from 'ava'
import { parseEvents } from '@tabula/protocol'
import * as sdk from './events.ts'
import type { ActionEvent } from './events.ts'

/** As rasa-sdk 3.6.2 writes them; a date without a zone of its own is written in UTC. */
const WRITTEN: readonly (readonly [ActionEvent, object])[] = [
  [sdk.slotSet('city', 'Rome'), { event: 'slot', timestamp: null, name: 'city', value: 'Rome' }],
  [sdk.slotSet('city'), { event: 'slot', timestamp: null, name: 'city', value: null }],
  [sdk.followupAction('action_x'), { event: 'followup', timestamp: null, name: 'action_x' }],
  [sdk.allSlotsReset(), { event: 'reset_slots', timestamp: null }],
  [sdk.restarted(), { event: 'restart', timestamp: null }],
  [sdk.sessionStarted(), { event: 'session_started', timestamp: null }],
  [sdk.conversationPaused(), { event: 'pause', timestamp: null }],
  [sdk.conversationResumed(), { event: 'resume', timestamp: null }],
  [sdk.userUtteranceReverted(), { event: 'rewind', timestamp: null }],
  [sdk.actionReverted(), { event: 'undo', timestamp: null }],
  [sdk.storyExported(), { event: 'export', timestamp: null }],
  [sdk.activeLoop(null), { event: 'active_loop', name: null, timestamp: null }],
  [sdk.loopInterrupted(true), { event: 'loop_interrupted', is_interrupted: true, timestamp: null }],
  [
    sdk.reminderScheduled('remind', new Date('2030-01-02T03:04:05Z'), { name: 'later' }),
    {
      event: 'reminder',
      timestamp: null,
      intent: 'remind',
      entities: null,
      date_time: '2030-01-02T03:04:05.000Z',
      name: 'later',
      kill_on_user_msg: true,
    },
  ],
  [
    sdk.reminderCancelled({ name: 'later' }),
    { event: 'cancel_reminder', timestamp: null, intent: null, entities: null, name: 'later' },
  ],
  [
    sdk.actionExecuted('action_listen'),
    { event: 'action', name: 'action_listen', policy: null, confidence: null, timestamp: null },
  ],
  [
    sdk.actionExecutionRejected('action_x', { policy: 'p', confidence: 0.5, timestamp: 7 }),
    { event: 'action_execution_rejected', name: 'action_x', policy: 'p', confidence: 0.5, timestamp: 7 },
  ],
  [
    sdk.userUttered('hello'),
    { event: 'user', timestamp: null, text: 'hello', parse_data: null, input_channel: null },
  ],
  [sdk.botUttered('hi'), { event: 'bot', timestamp: null, text: 'hi', data: null, metadata: null }],
  [sdk.agentUttered('hi'), { event: 'agent', text: 'hi', data: null, timestamp: null }],
]

test('an event is written as rasa-sdk writes it', t => {
  for (const [made, written] of WRITTEN) t.is(JSON.stringify(made), JSON.stringify(written))
})

test('every event that can be made is one that the assistant takes', t => {
  const made = WRITTEN.map(([event]) => event)
  t.is(parseEvents(made).length, made.length)
})
