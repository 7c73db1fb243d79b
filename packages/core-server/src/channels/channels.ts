// The name table of channels: what credentials.yml may list, and how each is made. A channel is loaded only where it is on.

import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { Channel, ChannelHost, CreateChannel } from './channel.ts'
import { createRest } from './rest.ts'

const CHANNELS: Readonly<Record<string, () => Promise<CreateChannel>>> = {
  rest: async () => createRest,
  callback: async () => (await import('./callback.ts')).createCallback,
  socketio: async () => (await import('./socketio.ts')).createSocketio,
  cmdline: async () => (settings, host) => createRest(settings, host, 'cmdline'),
}

/** Rasa's class paths, which credentials.yml may name instead. */
const CLASSES: Readonly<Record<string, string>> = {
  'rasa.core.channels.rest.RestInput': 'rest',
  'rasa.core.channels.callback.CallbackInput': 'callback',
  'rasa.core.channels.socketio.SocketIOInput': 'socketio',
  'rasa.core.channels.console.CmdlineInput': 'cmdline',
}

/** Channels of Rasa that only Rasa's own commercial server used; an entry for one is passed over with a word. */
const PASSED_OVER = new Set(['rasa'])

/**
 * The channels of a parsed credentials.yml, or the named connector alone; without either, `cmdline`.
 * Throws CodedError `credentials.unknown-channel` naming the channels that there are.
 */
export async function createChannels(
  credentials: Readonly<Record<string, unknown>> | undefined,
  connector: string | undefined,
  host: ChannelHost,
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
    const load = Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : undefined
    if (load === undefined) throw unknownChannel(key)
    const create = await load()
    channels.push(create(isRecord(settings) ? settings : {}, host))
  }
  return channels
}

function unknownChannel(name: string): CodedError {
  return new CodedError(
    'credentials.unknown-channel',
    `credentials.yml: there is no channel ${name}. There are ${Object.keys(CHANNELS).join(', ')}.`,
    { status: 400, details: { channel: name } },
  )
}
