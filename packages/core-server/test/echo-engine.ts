// For tests: a dialogue that echoes, so that the server around it is tested alone. `/slow N` answers after N ms, by an
// action call; `/fail` throws; `/parts` says two things.

import type { Domain, Effectful, Tracker, TurnContext } from '@tabula/dialogue'
import type { ActionRunner, LoggedEvent, TrackerEvent, TrackerState, UserMessage } from '@tabula/protocol'
import type { ServedModel } from '../src/model-host/served-model.ts'
import type { DialogueEngine } from '../src/processor/dialogue-engine.ts'

const ACTIONS = ['action_listen', 'utter_echo']

/** The parts of Domain that the server asks for. */
const domain = {
  intents: new Map([['greet', {}]]),
  entities: new Map(),
  actions: ACTIONS,
  actionIndex: (name: string) => (ACTIONS.includes(name) ? ACTIONS.indexOf(name) : undefined),
  sendsDomain: () => false,
  asDict: () => ({ version: '3.1', intents: ['greet'] }),
} as unknown as Domain

export function echoModel(id = 'model-1'): ServedModel {
  return {
    metadata: { model_id: id, assistant_id: 'test' },
    domain,
    pipeline: {
      parse(text) {
        if (text === 'broken') throw new Error('NLU broke')
        return { text, intent: { name: 'greet', confidence: 0.5 }, entities: [] }
      },
    },
    ensemble: null,
    file: '/models/echo.tar.gz',
  }
}

class EchoTracker {
  readonly events: LoggedEvent[] = []
  readonly senderId: string
  readonly domain: Domain

  constructor(senderId: string, of: Domain, events: Iterable<LoggedEvent>) {
    this.senderId = senderId
    this.domain = of
    this.events.push(...events)
  }

  apply(event: LoggedEvent): void {
    this.events.push(event)
  }

  get latestInputChannel(): string | null {
    const user = this.events.findLast(event => event.event === 'user')
    return user?.input_channel ?? null
  }

  settle(): void {
    // Nothing is folded here.
  }

  toState(verbosity: string): TrackerState {
    return this.toWholeState(verbosity)
  }

  toWholeState(verbosity: string, until = Infinity): TrackerState {
    const events = this.events.filter(event => event.timestamp <= until)
    return {
      sender_id: this.senderId,
      slots: {},
      latest_message: { intent: {}, entities: [] },
      latest_event_time: events.at(-1)?.timestamp ?? null,
      followup_action: null,
      paused: false,
      events: verbosity === 'NONE' ? null : events,
      latest_input_channel: this.latestInputChannel,
      active_loop: {},
      latest_action: {},
      latest_action_name: null,
    }
  }
}

function log(context: TurnContext, tracker: Tracker, event: TrackerEvent): void {
  tracker.apply({ ...event, timestamp: event.timestamp ?? context.now() })
}

function* say(context: TurnContext, tracker: Tracker, text: string): Effectful<void> {
  const data = {
    elements: null,
    quick_replies: null,
    buttons: null,
    attachment: null,
    image: null,
    custom: null,
  }
  log(context, tracker, { event: 'bot', text, data })
  yield { kind: 'send', message: { text } }
}

function user(message: UserMessage): TrackerEvent {
  const { text, inputChannel, messageId = null } = message
  return {
    event: 'user',
    text,
    parse_data: { intent: {}, entities: [] },
    input_channel: inputChannel,
    message_id: messageId,
  }
}

function* start(context: TurnContext, tracker: Tracker): Effectful<void> {
  if (tracker.events.length === 0) log(context, tracker, { event: 'session_started' })
}

export const echoEngine: DialogueEngine = {
  fold: (sender, of, events) => new EchoTracker(sender, of, events) as unknown as Tracker,
  unsaved: tracker => tracker,
  *handleMessage(context, tracker, message) {
    yield* start(context, tracker)
    log(context, tracker, user(message))
    const text = message.text ?? ''
    if (text.startsWith('/slow')) {
      const call = { next_action: text, sender_id: tracker.senderId, version: '3.6.21' }
      yield { kind: 'call_action', call: { ...call, tracker: tracker.toState('NONE') } }
    }
    if (text === '/fail') {
      yield* say(context, tracker, 'before it failed')
      throw new Error('the turn broke')
    }
    yield* say(context, tracker, text)
    if (text === '/parts') yield* say(context, tracker, 'and more')
    if (text === '/remind') {
      const date_time = new Date(Date.now() + 20).toISOString()
      const reminder = { event: 'reminder', intent: 'greet', entities: null, name: 'r' } as const
      yield { kind: 'schedule_reminder', reminder: { ...reminder, date_time, kill_on_user_msg: false } }
    }
    const chosen = { policy: 'Echo', action: 'utter_echo', confidence: 1 }
    return { why: [{ chosen, runnerUp: null }] }
  },
  startSession: start,
  updateSession: start,
  *triggerIntent(context, tracker, { name }) {
    log(context, tracker, user({ text: `EXTERNAL: ${name}`, senderId: tracker.senderId, inputChannel: null }))
    yield* say(context, tracker, name)
  },
  *executeAction(context, tracker, { name }) {
    yield* say(context, tracker, name)
  },
  *appendEvents(context, tracker, events) {
    yield* start(context, tracker)
    for (const event of events) log(context, tracker, event)
  },
  *logMessage(context, tracker, message) {
    yield* start(context, tracker)
    log(context, tracker, user(message))
  },
  *fireReminder(context, tracker, { intent }) {
    yield* say(context, tracker, `reminded of ${intent}`)
  },
  predictNext: () => ({ probabilities: [0, 1], policy: 'Echo', confidence: 1 }),
  writeStory: tracker => `stories of ${tracker.senderId}`,
}

/** Runs `/slow N`: N milliseconds. */
export const slowActions: ActionRunner = {
  async run(call) {
    await new Promise(resolve => setTimeout(resolve, Number(call.next_action.split(' ')[1])))
    return { kind: 'done', reply: { events: [], responses: [] } }
  },
}
