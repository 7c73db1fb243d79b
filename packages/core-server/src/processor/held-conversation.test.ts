import test from 'ava'
import type { TurnContext } from '@tabula/dialogue'
import type { ActionCall, ActionOutcome } from '@tabula/protocol'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { recordingLog } from '../../test/serve.ts'
import { until } from '../../test/until.ts'
import type { OutputChannel } from '../channels/channel.ts'
import { LIMITS } from '../config/limits.ts'
import type { ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { MemoryTrackerStore } from '../tracker-store/memory-tracker-store.ts'
import { TrackerCache } from '../tracker-store/tracker-cache.ts'
import { NO_REVISION } from '../tracker-store/tracker-store.ts'
import { Attempt } from './attempt.ts'
import { HeldConversation } from './held-conversation.ts'

const pause = { event: 'pause', timestamp: 1 } as const
const call = { next_action: 'action_slow' } as ActionCall
const outcome: ActionOutcome = { kind: 'done', reply: { events: [], responses: [] } }

/** A turn that says `wait`, calls an action and says `done`; what is heard of it, and how its action ends. */
function begin(store: MemoryTrackerStore) {
  const log = recordingLog()
  const ended = Promise.withResolvers<ActionOutcome>()
  const cache = new TrackerCache(store, (...given) => echoEngine.fold(...given), LIMITS)
  const parts = {
    ...{ store, cache, isOneConnection: false, context: () => ({}) as TurnContext },
    surroundings: {
      ...{ log, reminders: {} as ReminderScheduler, askNlg: async () => null },
      callAction: () => ended.promise,
    },
  }
  const ticket = { waited: false, isLost: () => false, release: () => undefined }
  const model = echoModel()
  const folded = { tracker: echoEngine.fold('ann', model.domain, []), revision: NO_REVISION }
  const held = new HeldConversation(parts, { sender: 'ann', model, ticket }, folded)
  const record = { state: 'open', tries: 1, replies: [], sent: 0, journal: new Map() } as const
  const identity = { key: 'k', digest: 'd' }
  const attempt = Attempt.of(identity, record, false, { sender: 'ann', messages: store.messages, log })
  const heard: unknown[] = []
  const output: OutputChannel = {
    name: 'callback',
    send: async (_sender, { text }) => {
      heard.push(text)
    },
  }
  const turn = held.turn(attempt, begun =>
    begun.run(function* () {
      yield { kind: 'send', message: { text: 'wait' } }
      yield { kind: 'call_action', call }
      yield { kind: 'send', message: { text: 'done' } }
    }, output),
  )
  const end = (): void => {
    ended.resolve(outcome)
  }
  return { turn, heard, held, end }
}

test('what is said before a slow action is heard while it lasts', async t => {
  const { turn, heard, end } = begin(new MemoryTrackerStore())
  await until(() => heard.length > 0)
  t.deepEqual(heard, ['wait'])
  end()
  await turn
  t.deepEqual(heard, ['wait', 'done'])
})

test('nothing is said ahead on a conversation that others have changed: they may have said it otherwise', async t => {
  const store = new MemoryTrackerStore()
  const { turn, heard, end } = begin(store)
  await store.append('ann', NO_REVISION, [pause], [])
  await new Promise(resolve => setTimeout(resolve, 600))
  t.deepEqual(heard, [])
  end()
  await t.throwsAsync(turn, { code: 'tracker.conflict' })
  t.deepEqual(heard, [])
})

test('a conversation in hand takes in what others have added', async t => {
  const store = new MemoryTrackerStore()
  const { turn, held, end } = begin(store)
  end()
  await turn
  const { revision } = await held.folded()
  await store.append('ann', revision, [pause], [])
  await held.catchUp()
  t.deepEqual((await held.folded()).tracker.events.at(-1), pause)
})
