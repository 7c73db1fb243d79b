import test from 'ava'
import { channelHost, serveChannel } from '../../test/channel-host.ts'
import { createTwilioVoice } from './twilio-voice.ts'
import { hmac } from './webhook.ts'

const PATH = '/webhooks/twilio_voice/webhook'
const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()
const gather = (text: string, voice = 'woman'): string =>
  '<Gather action="/webhooks/twilio_voice/webhook" actionOnEmptyResult="true" enhanced="false" input="speech" ' +
  `speechModel="default" speechTimeout="5"><Say voice="${voice}">${text}</Say></Gather>`
const twiml = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`

test('a call is greeted, speech is answered with pauses, and silence repeats what was said last', async t => {
  const served = await serveChannel(
    t,
    createTwilioVoice,
    {},
    {
      lastAnswer: 'what I said',
      async respond(_message, send) {
        await send({ text: 'one\n\ntwo & <three>', image: 'https://x.test/i.png' })
        await send({ text: 'pick', buttons: [{ title: 'Yes', payload: '/yes' }] })
      },
    },
  )
  const call = async (fields: Record<string, string>): Promise<string> => {
    const answer = await served.call('POST', PATH, form(fields))
    t.is(answer.headers.get('content-type'), 'text/xml')
    return answer.text
  }
  const say = (text: string): string => `<Say voice="woman">${text}</Say><Pause length="1" />`
  const all = twiml(`${say('one')}${say('two &amp; &lt;three&gt;')}${say('pick')}${gather('Yes')}`)
  t.is(await call({ From: '+1', CallStatus: 'ringing' }), all)
  t.is(await call({ From: '+1', CallStatus: 'in-progress', SpeechResult: 'hi' }), all)
  t.is(await call({ From: '+1', CallStatus: 'in-progress' }), twiml(gather('what I said')))
  t.deepEqual(
    served.seen.map(({ text, senderId }) => [text, senderId]),
    [
      ['hello', '+1'],
      ['hi', '+1'],
    ],
  )
})

test('silence before a word was said asks again, and a turn that fails ends the call in peace', async t => {
  const served = await serveChannel(
    t,
    createTwilioVoice,
    { reprompt_fallback_phrase: 'again?', assistant_voice: 'Polly.Joanna' },
    {
      respond() {
        throw new Error('broken')
      },
    },
  )
  const silent = await served.call('POST', PATH, form({ From: '+1' }))
  t.is(silent.text, twiml(gather('again?', 'Polly.Joanna')))
  t.is((await served.call('POST', PATH, form({ From: '+1', SpeechResult: 'x' }))).text, twiml(''))
})

test('with an auth_token calls must be signed; without one there is a warning', async t => {
  const url = 'https://bot.test/webhooks/twilio_voice/webhook'
  const served = await serveChannel(t, createTwilioVoice, { auth_token: '12345', webhook_url: url }, {})
  const body = form({ From: '+1', SpeechResult: 'x' })
  t.is((await served.call('POST', PATH, body)).status, 403)
  const signature = hmac('sha1', '12345', `${url}From+1SpeechResultx`, 'base64')
  t.is((await served.call('POST', PATH, body, { 'x-twilio-signature': signature })).status, 200)
  const open = await serveChannel(t, createTwilioVoice, {}, {})
  t.like(open.log.entries[0], { code: 'twilio_voice.open' })
})

test('settings that Twilio would not take stop the start', t => {
  for (const settings of [
    { speech_timeout: 'soon' },
    { speech_timeout: 'auto' },
    { speech_model: 'other' },
    { enhanced: 'maybe' },
    { enhanced: 'true' },
  ]) {
    t.throws(() => createTwilioVoice(settings, channelHost()), { code: 'credentials.invalid' })
  }
  t.notThrows(() =>
    createTwilioVoice({ speech_timeout: 'auto', speech_model: 'numbers_and_commands' }, channelHost()),
  )
})
