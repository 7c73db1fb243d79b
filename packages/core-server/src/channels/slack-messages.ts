// What Slack sends, read: a message of a user, or the text that is answered where there is none.

import { parseJson } from '../http/body.ts'
import { badRequest } from '../http/errors.ts'
import { at, textAt } from './webhook.ts'

export interface SlackMessage {
  readonly text: string
  readonly user: string
  readonly channel: string | undefined
  readonly thread: string | undefined
  /** Who has installed the bot, or who pressed a button: for the message's metadata. */
  readonly users: readonly string[]
  readonly id: string | null
}

/** A direct message, a mention, or a message in the bot's own channel; bots are not listened to. */
export function readSlackEvent(body: unknown, ownChannel: string | undefined): SlackMessage | string {
  const event = at(body, 'event')
  const type = textAt(event, 'type')
  const text = textAt(event, 'text') ?? ''
  const isUser = (type === 'message' || type === 'app_mention') && text !== ''
  if (!isUser || at(event, 'bot_id') !== undefined) return 'Bot message delivered.'
  const channel = textAt(event, 'channel')
  const isForBot = textAt(event, 'channel_type') === 'im' || type === 'app_mention'
  if (!isForBot && (channel === undefined || channel !== ownChannel)) return 'channel not supported.'
  const users = installersOf(body)
  return {
    text: cleanText(text, users),
    user: textAt(event, 'user') ?? '',
    channel,
    thread: textAt(event, 'thread_ts') ?? textAt(event, 'ts'),
    users,
    id: textAt(body, 'event_id') ?? null,
  }
}

function installersOf(body: unknown): readonly string[] {
  const authed = at(body, 'authed_users')
  if (Array.isArray(authed)) return authed.filter(user => typeof user === 'string')
  const user = textAt(body, 'authorizations', 0, 'user_id')
  return user === undefined ? [] : [user]
}

/** The text without mentions of the bot, and links as their labels. */
export function cleanText(text: string, users: readonly string[]): string {
  let clean = text
  for (const user of users) {
    const mention = `<@${user}>`
    const [first = '', ...others] = clean.split(mention)
    // A mention takes one blank beside it along, the one behind it before the one in front.
    clean = others.reduce((text_, next) => {
      if (/^\s/.test(next)) return text_ + next.slice(1)
      return /\s$/.test(text_) ? text_.slice(0, -1) + next : `${text_} ${next}`
    }, first)
  }
  return clean.replaceAll(/<(?:mailto|https?):\/\/[^|>]*\|([^>]*)>/g, '$1').trim()
}

/** What was chosen, by the kind of element. */
const CHOICES: Readonly<Record<string, readonly (string | number)[]>> = {
  button: ['value'],
  select: ['selected_options', 0, 'value'],
  static_select: ['selected_option', 'value'],
  external_select: ['selected_option', 'value'],
  conversations_select: ['selected_conversation'],
  users_select: ['selected_user'],
  channels_select: ['selected_channel'],
  overflow: ['selected_option', 'value'],
  datepicker: ['selected_date'],
}

/** A press or choice; Rasa answers 500 to one that it cannot read, which is a 400 here. */
export function readInteraction(payload: string): SlackMessage | string {
  const body = parseJson(Buffer.from(payload))
  const action = at(body, 'actions', 0)
  const type = textAt(action, 'type') ?? ''
  const path = Object.hasOwn(CHOICES, type) ? CHOICES[type] : undefined
  const text = path === undefined ? undefined : textAt(action, ...path)
  if (text === undefined) {
    if (type === 'button') return 'User clicked link button'
    throw badRequest('The input message could not be processed.')
  }
  const user = textAt(body, 'user', 'id')
  return {
    text,
    user: user ?? '',
    channel: textAt(body, 'channel', 'id'),
    thread: textAt(body, 'message', 'thread_ts') ?? textAt(body, 'message', 'ts'),
    users: user === undefined ? [] : [user],
    id: textAt(body, 'trigger_id') ?? null,
  }
}

/** `/command some text` says the text, and alone the command itself, as an intent is written. */
export function readSlashCommand(fields: URLSearchParams): SlackMessage {
  const command = fields.get('command')
  const user = fields.get('user_id')
  if (command === null || user === null) throw badRequest('The input message could not be processed.')
  const text = fields.get('text')?.trim() ?? ''
  return {
    text: text === '' ? command : text,
    user,
    channel: fields.get('channel_id') ?? undefined,
    thread: undefined,
    users: [user],
    id: fields.get('trigger_id'),
  }
}
