// The name table of channels: what credentials.yml may list, and how each is made. A channel is loaded only where it is on.

import { CodedError } from '@tabula/protocol'
import type { UserMessage } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { Channel, ChannelHost, CreateChannel } from './channel.ts'
import { createRest } from './rest.ts'
import { isOn } from './settings.ts'

const CHANNELS: Readonly<Record<string, () => Promise<CreateChannel>>> = {
  rest: async () => createRest,
  callback: async () => (await import('./callback.ts')).createCallback,
  socketio: async () => (await import('./socketio.ts')).createSocketio,
  cmdline: async () => (settings, host) => createRest(settings, host, 'cmdline'),
  slack: async () => (await import('./slack.ts')).createSlack,
  telegram: async () => (await import('./telegram.ts')).createTelegram,
  facebook: async () => (await import('./facebook.ts')).createFacebook,
  twilio: async () => (await import('./twilio.ts')).createTwilio,
  twilio_voice: async () => (await import('./twilio-voice.ts')).createTwilioVoice,
  mattermost: async () => (await import('./mattermost.ts')).createMattermost,
  rocketchat: async () => (await import('./rocketchat.ts')).createRocketchat,
  webexteams: async () => (await import('./webexteams.ts')).createWebexteams,
  hangouts: async () => (await import('./hangouts.ts')).createHangouts,
  botframework: async () => (await import('./botframework.ts')).createBotframework,
}

/** Rasa's class paths, which credentials.yml may name instead. */
const CLASSES: Readonly<Record<string, string>> = {
  'rasa.core.channels.rest.RestInput': 'rest',
  'rasa.core.channels.callback.CallbackInput': 'callback',
  'rasa.core.channels.socketio.SocketIOInput': 'socketio',
  'rasa.core.channels.console.CmdlineInput': 'cmdline',
  'rasa.core.channels.slack.SlackInput': 'slack',
  'rasa.core.channels.telegram.TelegramInput': 'telegram',
  'rasa.core.channels.facebook.FacebookInput': 'facebook',
  'rasa.core.channels.twilio.TwilioInput': 'twilio',
  'rasa.core.channels.twilio_voice.TwilioVoiceInput': 'twilio_voice',
  'rasa.core.channels.mattermost.MattermostInput': 'mattermost',
  'rasa.core.channels.rocketchat.RocketChatInput': 'rocketchat',
  'rasa.core.channels.webexteams.WebexTeamsInput': 'webexteams',
  'rasa.core.channels.hangouts.HangoutsInput': 'hangouts',
  'rasa.core.channels.botframework.BotFrameworkInput': 'botframework',
}

/** Channels of Rasa that only Rasa's own commercial server used; an entry for one is passed over with a word. */
const PASSED_OVER = new Set(['rasa'])

/**
 * The channels of a parsed credentials.yml, or the named connector alone; without either, `cmdline`. `own` are channels
 * of the project, by the name that credentials.yml gives them: for Rasa a class path such as `my_io.MyInput`.
 * Throws CodedError `credentials.unknown-channel` naming the channels that there are.
 */
export async function createChannels(
  credentials: Readonly<Record<string, unknown>> | undefined,
  connector: string | undefined,
  host: ChannelHost,
  own: Readonly<Record<string, CreateChannel>> = {},
): Promise<readonly Channel[]> {
  const entries = Object.entries(credentials ?? {})
  const chosen =
    connector !== undefined
      ? [[connector, credentials?.[connector]] as const]
      : entries.length === 0
        ? [['cmdline', {}] as const]
        : entries
  const channels: Channel[] = []
  for (const [key, settings] of chosen) {
    const name = CLASSES[key] ?? key
    if (PASSED_OVER.has(name)) {
      host.log.info(
        { code: 'credentials.passed-over', channel: name },
        'A channel of Rasa X was passed over.',
      )
      continue
    }
    const registered = Object.hasOwn(own, key) ? own[key] : undefined
    const load = Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : undefined
    if (registered === undefined && load === undefined) throw unknownChannel(key, Object.keys(own))
    const create = registered ?? (await load?.())
    if (create === undefined) continue
    const given = isRecord(settings) ? settings : {}
    channels.push(create(given, isOn(given, 'plain_text_only') ? forPlainText(host) : host))
  }
  return channels
}

/** Users of such a channel cannot name intents and entities themselves; buttons with `/intent` payloads say them as words. */
function forPlainText(host: ChannelHost): ChannelHost {
  const plain = (message: UserMessage): UserMessage => ({ ...message, isPlainText: true })
  return {
    ...host,
    handle: (message, output, id) => host.handle(plain(message), output, id),
    accept: (channel, delivery) => host.accept(channel, { ...delivery, message: plain(delivery.message) }),
    take: (channel, delivery) => host.take(channel, { ...delivery, message: plain(delivery.message) }),
  }
}

function unknownChannel(name: string, own: readonly string[]): CodedError {
  return new CodedError(
    'credentials.unknown-channel',
    `credentials.yml: there is no channel ${name}. There are ${[...Object.keys(CHANNELS), ...own].join(', ')}.`,
    { status: 400, details: { channel: name } },
  )
}
