// JSON schemas of what the public API takes and gives.

import { PARSE_LIMITS } from '@tabula/protocol'
import type { Schema } from '@tabula/protocol'
import { MISUNDERSTOOD_REASONS, MISUNDERSTOOD_STATES } from '../history/history-types.ts'
import { SHORTEST_PASSWORD } from '../users/password.ts'
import { USER_ROLES } from '../users/roles.ts'

const text: Schema = { type: 'string' }
const flag: Schema = { type: 'boolean' }
const count: Schema = { type: 'integer', minimum: 0 }
const maybeText: Schema = { type: ['string', 'null'] }
const maybeNumber: Schema = { type: ['number', 'null'] }
const time: Schema = { type: 'number', description: 'Seconds since 1970.' }
const maybeTime: Schema = { type: ['number', 'null'], description: 'Seconds since 1970.' }
const share: Schema = { type: 'number', minimum: 0, maximum: 1 }

/** An object with exactly these keys, all of them but the optional ones required. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter(name => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

const name: Schema = { type: 'string', minLength: 1, maxLength: 255 }
/** What a mail address is not: without @, with blanks or control characters. */
const email: Schema = {
  type: 'string',
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@\\u0000-\\u001f]+@[^\\s@\\u0000-\\u001f]+$',
}
const password: Schema = { type: 'string', minLength: 1, maxLength: 1024, pattern: '^[^\\u0000]*$' }
const newPassword: Schema = {
  ...password,
  minLength: SHORTEST_PASSWORD,
  description: `At least ${SHORTEST_PASSWORD} characters.`,
}
const role: Schema = { type: 'string', enum: [...USER_ROLES] }
const speaker: Schema = { type: 'string', enum: ['user', 'bot', 'human'] }

export const WEBHOOK_BODY: Schema = {
  type: 'object',
  properties: {
    sender: { type: 'string', maxLength: PARSE_LIMITS.senderLength, examples: ['Samuel'] },
    message: {
      type: 'string',
      maxLength: PARSE_LIMITS.textBytes,
      examples: ['How much is the shipping fee?'],
    },
    message_id: { ...name, description: 'Names this message: sent again, it is not handled again.' },
    metadata: { type: 'object' },
    input_channel: text,
  },
  required: ['sender', 'message'],
}

export const ANSWERS: Schema = listOf({
  type: 'object',
  properties: {
    recipient_id: text,
    text,
    image: text,
    buttons: listOf({ type: 'object' }),
    attachment: {},
    custom: {},
  },
  required: ['recipient_id'],
})

export const LOGIN_BODY = object({
  email: { ...text, maxLength: 254, examples: ['admin@test.com'] },
  password: { ...password, examples: ['123456'] },
})

export const USER = object({
  id: text,
  email: text,
  role,
  disabled: flag,
  created_at: time,
  last_login_at: maybeTime,
})

export const SESSION = object({
  token: { ...text, description: 'For Authorization: Bearer TOKEN, or bare.' },
  expires_at: time,
  expires_in: { type: 'number', description: 'Seconds.' },
  user: USER,
})

export const NEW_USER_BODY = object({ email, password: newPassword, role })
export const USER_CHANGE_BODY: Schema = {
  ...object({ role, disabled: flag }, ['role', 'disabled']),
  minProperties: 1,
}
export const PASSWORD_BODY = object({ password: newPassword })
export const OWN_PASSWORD_BODY = object({ current_password: password, new_password: newPassword })
export const USERS = object({ users: listOf(USER) })

const SUMMARY_KEYS: Readonly<Record<string, Schema>> = {
  sender: text,
  first_active: time,
  last_active: time,
  channel: maybeText,
  last_text: maybeText,
  last_from: { enum: ['user', 'bot', 'human', null] },
  turns: count,
  messages: count,
  events: count,
  lowest_confidence: maybeNumber,
  fallback: flag,
  paused: flag,
  resumes_at: maybeTime,
  thumbs_down: flag,
  csat: maybeNumber,
  model_id: maybeText,
  reviewed: flag,
  note: maybeText,
  tags: listOf(text),
}
export const SUMMARY = object(SUMMARY_KEYS)

const hit = object({
  time,
  from: speaker,
  text,
  marks: {
    ...listOf(listOf(count)),
    description: 'Beginnings and ends of the found words, in UTF-16 units.',
  },
})

export const PAGE_QUERY: Readonly<Record<string, Schema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  cursor: { type: 'string', maxLength: 1000, description: '`next` or `previous` of another page.' },
}

/** Filters of conversations; bounds of time are seconds since 1970 or ISO 8601. */
export const FILTER_QUERY: Readonly<Record<string, Schema>> = {
  q: { type: 'string', maxLength: 200, description: 'Words of a message, or the beginning of a sender.' },
  from: {
    type: ['number', 'string'],
    description: 'Last activity at or after: seconds since 1970, or ISO 8601.',
  },
  to: { type: ['number', 'string'], description: 'Last activity before.' },
  sender: { type: 'string', maxLength: 255, description: 'The beginning of the sender’s id.' },
  channel: name,
  intent: name,
  action: name,
  tag: name,
  confidence_below: share,
  csat_at_most: { type: 'integer', minimum: 1, maximum: 5 },
  fallback: flag,
  paused: flag,
  thumbs_down: flag,
  reviewed: flag,
}

export const CONVERSATIONS = object({
  conversations: listOf(object({ ...SUMMARY_KEYS, hit }, ['hit'])),
  next: { ...maybeText, description: 'Cursor of the older page.' },
  previous: { ...maybeText, description: 'Cursor of the newer page.' },
  total: count,
  total_is_exact: flag,
})

export const CONVERSATION = object({
  conversation: SUMMARY,
  events: { ...listOf({ type: 'object' }), description: 'Rasa’s events, oldest first.' },
  first: { ...count, description: 'Number of the first of these events in the whole conversation.' },
  total: count,
})

const reason = { type: ['object', 'null'] }

export const REASONS = object({
  turns: listOf(
    object({
      time,
      event: { type: ['integer', 'null'], description: 'Number of the user’s event.' },
      text: maybeText,
      model_id: maybeText,
      intents: listOf({ type: 'object' }),
      entities: listOf({ type: 'object' }),
      slots: listOf(object({ name: text, value: {} })),
      actions: listOf({ type: 'object', properties: { chosen: reason, runnerUp: reason } }),
      milliseconds: {
        type: ['object', 'null'],
        description: 'Of each step until the turn was saved: wait, load, parse, dialogue, action.',
      },
    }),
  ),
})

export const PAUSE_BODY = object({ hours: { type: 'number', exclusiveMinimum: 0, maximum: 720 } }, ['hours'])
export const REPLY_BODY = object({ text: { type: 'string', minLength: 1, maxLength: 4096 } })
export const TAGS_BODY = object({
  tags: { ...listOf({ type: 'string', minLength: 1, maxLength: 50 }), maxItems: 20 },
})
export const REVIEW_BODY: Schema = {
  ...object({ reviewed: flag, note: { type: ['string', 'null'], maxLength: 4096 } }, ['reviewed', 'note']),
  minProperties: 1,
}
export const TAGS = object({ tags: listOf(object({ tag: text, conversations: count })) })

const entity = object({ start: count, end: count, entity: name, value: text, role: name, group: name }, [
  'value',
  'role',
  'group',
])
const label = object({ intent: name, entities: { ...listOf(entity), maxItems: 100 } }, ['entities'])

export const LABEL_BODY = object({ state: { type: 'string', enum: [...MISUNDERSTOOD_STATES] }, label }, [
  'label',
])

export const MISUNDERSTOOD_MESSAGE = object({
  id: count,
  sender: text,
  time,
  text,
  intent: maybeText,
  confidence: maybeNumber,
  reasons: listOf({ type: 'string', enum: [...MISUNDERSTOOD_REASONS] }),
  state: { type: 'string', enum: [...MISUNDERSTOOD_STATES] },
  label: { ...label, type: ['object', 'null'] },
  labelled_by: maybeText,
  alike: count,
})
export const MISUNDERSTOOD = object({ messages: listOf(MISUNDERSTOOD_MESSAGE), next: maybeText })
export const MISUNDERSTOOD_QUERY: Readonly<Record<string, Schema>> = {
  ...PAGE_QUERY,
  state: { type: 'string', enum: [...MISUNDERSTOOD_STATES] },
  reason: { type: 'string', enum: [...MISUNDERSTOOD_REASONS] },
}

export const STATISTICS_QUERY: Readonly<Record<string, Schema>> = {
  from: { type: ['number', 'string'], description: 'Default: seven days before `to`.' },
  to: { type: ['number', 'string'], description: 'Default: now.' },
}
const mean = maybeNumber
export const STATISTICS = object({
  from: time,
  to: time,
  bucket: { ...count, description: 'Seconds of a bucket of the series.' },
  conversations: count,
  user_messages: count,
  bot_messages: count,
  human_messages: count,
  fallback_rate: share,
  low_confidence_rate: share,
  csat: object({ count, mean, scores: { ...listOf(count), description: 'How many gave 1, 2, 3, 4 and 5.' } }),
  thumbs: object({ up: count, down: count }),
  response_time: object({ count, mean, p95: mean }),
  top_intents: listOf(object({ intent: text, messages: count })),
  channels: listOf(object({ channel: text, messages: count })),
  series: listOf(object({ time, conversations: count, user_messages: count, fallbacks: count })),
})

export const AUDIT_QUERY: Readonly<Record<string, Schema>> = { ...PAGE_QUERY, action: name, subject: name }
export const AUDIT = object({
  entries: listOf(
    object({
      id: count,
      time,
      user_id: maybeText,
      email: maybeText,
      action: text,
      subject: maybeText,
      details: { type: 'object' },
    }),
  ),
  next: maybeText,
})

const model: Schema = {
  type: ['object', 'null'],
  properties: { model_file: maybeText, model_id: text, share },
}
export const MODELS = object({
  live: model,
  canary: model,
  previous: model,
  intents: listOf(text),
  entities: listOf(text),
  actions: listOf(text),
})
export const CANARY_BODY = object({ model_file: name, share })

export const VISITOR = object({
  sender: {
    ...text,
    description: 'The `sender` of this visitor’s messages: for a new one an id that cannot be guessed.',
  },
  token: text,
  expires_at: time,
})
export const KNOWN_VISITOR_BODY = object({
  user_id: { ...name, description: 'As your page knows them.' },
  user_hash: {
    type: 'string',
    pattern: '^[0-9a-fA-F]{64}$',
    description: 'HMAC-SHA256 of the id under VISITOR_KEY, in hex: made by your server, never in the page.',
  },
})
export const VISITOR_QUERY: Readonly<Record<string, Schema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  before: { type: 'integer', minimum: 0, description: 'Messages before this number.' },
  after: { type: 'integer', minimum: 0, description: 'Messages after this number, oldest first.' },
}
export const VISITOR_MESSAGES = object({
  sender: text,
  messages: listOf(
    object(
      {
        number: { ...count, description: 'Rises with every message; what `before` and `after` take.' },
        time,
        from: speaker,
        text: maybeText,
        message_id: maybeText,
        data: {
          type: 'object',
          description: 'Buttons, image, attachment, custom and the like, as Rasa keeps them.',
        },
      },
      ['message_id', 'data'],
    ),
  ),
  paused: { ...flag, description: 'A person answers in the bot’s place.' },
  more: flag,
})
export const FILE = object({ id: text, url: { ...text, description: 'Below this server.' }, size: count })
export const FILE_QUERY: Readonly<Record<string, Schema>> = {
  name: { type: 'string', maxLength: 255, description: 'What the file is called.' },
}
export const RATING_BODY: Schema = {
  ...object(
    {
      score: { type: 'integer', minimum: 1, maximum: 5, description: 'How content the visitor is.' },
      vote: { type: 'string', enum: ['up', 'down'], description: 'About one answer of the bot.' },
      number: {
        ...count,
        description: 'Number of the message that the vote is about; default the last one.',
      },
      comment: { type: 'string', maxLength: 2000 },
    },
    ['score', 'vote', 'number', 'comment'],
  ),
  minProperties: 1,
}

export const HEALTH = object({ status: text, reasons: listOf(text) }, ['reasons'])
