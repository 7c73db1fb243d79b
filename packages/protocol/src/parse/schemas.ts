// JSON schemas of the wire shapes: as strict as what Rasa 3.6 checks, and where it checks nothing, as its types say.

import type { Schema } from './door.ts'

const text = { type: ['string', 'null'] }
const number = { type: ['number', 'null'] }
const object = { type: ['object', 'null'] }
const list = { type: ['array', 'null'] }
const objects = { type: 'array', items: { type: 'object' } }

const intent = { type: 'object', properties: { name: text, confidence: { type: 'number' } } }

const entities = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      start: { type: 'integer' },
      end: { type: 'integer' },
      entity: { type: 'string' },
      confidence: { type: 'number' },
      extractor: text,
      role: text,
      group: text,
    },
    required: ['entity', 'value'],
  },
}

export const PARSE_DATA: Schema = {
  type: 'object',
  properties: {
    text,
    intent,
    entities,
    intent_ranking: { type: 'array', items: intent },
    response_selector: { type: 'object' },
  },
}

/** What every event has; the schemas below add to it. */
const common = { event: { type: 'string' }, timestamp: number, metadata: object }

function event(properties: Schema = {}, required: readonly string[] = []): Schema {
  return { type: 'object', properties: { ...common, ...properties }, required: ['event', ...required] }
}

/** By the event's name; `form` and `form_validation` are older names that trackers and actions may still hold. */
export const EVENTS: Readonly<Record<string, Schema>> = {
  user: event({
    text,
    input_channel: text,
    message_id: text,
    parse_data: { ...PARSE_DATA, type: ['object', 'null'] },
  }),
  bot: event({ text, data: object }),
  action: event({
    name: text,
    policy: text,
    confidence: number,
    action_text: text,
    hide_rule_turn: { type: 'boolean' },
  }),
  slot: event({ name: { type: 'string' } }, ['name', 'value']),
  entities: event({ entities }, ['entities']),
  user_featurization: event({ use_text_for_featurization: { type: ['boolean', 'null'] } }),
  active_loop: event({ name: text }),
  form: event({ name: text }),
  loop_interrupted: event({ is_interrupted: { type: 'boolean' } }),
  form_validation: event({ validate: { type: 'boolean' } }),
  action_execution_rejected: event({ name: { type: 'string' }, policy: text, confidence: number }, ['name']),
  followup: event({ name: { type: 'string' } }, ['name']),
  reminder: event(
    {
      intent: { type: 'string' },
      date_time: { type: 'string' },
      name: text,
      kill_on_user_msg: { type: 'boolean' },
    },
    ['intent', 'date_time'],
  ),
  cancel_reminder: event({ name: text, intent: text }),
  agent: event({ text }),
  restart: event(),
  rewind: event(),
  undo: event(),
  reset_slots: event(),
  pause: event(),
  resume: event(),
  session_started: event(),
  export: event(),
}

export const ACTION_REPLY: Schema = {
  type: 'object',
  properties: { events: objects, responses: objects },
}

export const TRACKER_STATE: Schema = {
  type: 'object',
  properties: {
    sender_id: { type: ['string', 'number'] },
    slots: object,
    latest_message: { ...PARSE_DATA, type: ['object', 'null'] },
    latest_event_time: number,
    followup_action: text,
    paused: { type: 'boolean' },
    events: {
      type: ['array', 'null'],
      items: { type: 'object', properties: common, required: ['event'] },
    },
    latest_input_channel: text,
    active_loop: object,
    latest_action: object,
    latest_action_name: text,
  },
  required: ['sender_id'],
}

export const DOMAIN: Schema = {
  type: 'object',
  properties: {
    version: text,
    intents: list,
    entities: list,
    slots: object,
    responses: object,
    actions: list,
    forms: object,
    e2e_actions: list,
    session_config: object,
    config: object,
  },
}

export const ACTION_CALL: Schema = {
  type: 'object',
  properties: {
    next_action: text,
    sender_id: { type: ['string', 'number', 'null'] },
    tracker: TRACKER_STATE,
    domain: { ...DOMAIN, type: ['object', 'null'] },
    version: text,
  },
}

export const BOT_MESSAGE: Schema = {
  type: 'object',
  properties: {
    text: { type: ['string', 'number', 'boolean', 'null'] },
    image: text,
    buttons: { type: ['array', 'null'], items: { type: 'object' } },
    quick_replies: list,
    elements: list,
  },
}

export const USER_MESSAGE_BODY: Schema = {
  type: 'object',
  properties: {
    sender: { type: ['string', 'number', 'boolean', 'null'] },
    metadata: object,
    input_channel: text,
  },
}

/** The same schemas by name, for whoever describes the wire: a document of the API is made of what checks the API. */
export const WIRE_SCHEMAS = {
  events: EVENTS,
  parseData: PARSE_DATA,
  trackerState: TRACKER_STATE,
  domain: DOMAIN,
  userMessageBody: USER_MESSAGE_BODY,
} as const
