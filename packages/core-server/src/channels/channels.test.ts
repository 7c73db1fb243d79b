import test from 'ava'
import type { Router } from '@koa/router'
import { channelHost } from '../../test/channel-host.ts'
import type { Channel, ChannelHost, CreateChannel } from './channel.ts'
import { createChannels } from './channels.ts'
import { CollectingOutput } from './collecting-output.ts'

const namesOf = async (credentials: Record<string, unknown>, connector?: string): Promise<string[]> =>
  (await createChannels(credentials, connector, channelHost())).map(({ name }) => name)

test('credentials.yml names channels by Rasa’s keys or class paths; without any it is cmdline', async t => {
  t.deepEqual(await namesOf({}), ['rest'])
  t.deepEqual(await namesOf({ rest: null, 'rasa.core.channels.twilio_voice.TwilioVoiceInput': {} }), [
    'rest',
    'twilio_voice',
  ])
  t.deepEqual(await namesOf({ rest: null, hangouts: null }, 'hangouts'), ['hangouts'])
  await t.throwsAsync(namesOf({ slack: { slack_token: 'x' } }), { message: /slack_signing_secret/ })
  await t.throwsAsync(namesOf({ constructor: null }), { code: 'credentials.unknown-channel' })
})

interface Heard {
  host?: ChannelHost
  settings?: unknown
}

/** A channel of a project's own, as its class is registered under the path that credentials.yml names. */
function ownChannel(heard: Heard): CreateChannel {
  return (settings, host): Channel => {
    Object.assign(heard, { host, settings })
    return { name: 'myio', mount: (_router: Router) => undefined }
  }
}

test('a channel of the project’s own is made from its entry', async t => {
  const heard: Heard = {}
  const own = { 'my_io.MyInput': ownChannel(heard) }
  const channels = await createChannels({ 'my_io.MyInput': { key: 'v' } }, undefined, channelHost(), own)
  t.deepEqual(
    channels.map(({ name }) => name),
    ['myio'],
  )
  t.deepEqual(heard.settings, { key: 'v' })
  await t.throwsAsync(createChannels({ 'my_io.Other': {} }, undefined, channelHost(), own), {
    message: /botframework, my_io.MyInput/,
  })
})

test('security row 26: Rasa lets users type /intent{...}; plain_text_only makes words of it, channel by channel', async t => {
  const heard: Heard = {}
  const host = channelHost()
  const message = { text: '/inform{"role":"admin"}', senderId: 'a', inputChannel: 'myio' }
  for (const settings of [{ plain_text_only: true }, {}]) {
    await createChannels({ own: settings }, undefined, host, { own: ownChannel(heard) })
    await heard.host?.handle(message, new CollectingOutput())
  }
  t.deepEqual(
    host.seen.map(({ isPlainText = false }) => isPlainText),
    [true, false],
  )
})
