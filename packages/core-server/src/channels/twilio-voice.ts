// Rasa's Twilio Voice channel: speech in, TwiML out. https://www.twilio.com/docs/voice/twiml/gather

import type { Context } from 'koa'
import { CodedError } from '@tabula/protocol'
import { sendText } from '../http/json-answer.ts'
import type { Channel, CreateChannel, OutputChannel } from './channel.ts'
import { renderMessage, textParts } from './render-message.ts'
import { neededText, optionalText, settingError } from './settings.ts'
import type { ChannelSettings } from './settings.ts'
import { checkTwilioSignature } from './twilio-signature.ts'
import { toUserMessage } from './user-message.ts'
import { form, mountWebhook } from './webhook.ts'

const SPEECH_MODELS = ['default', 'numbers_and_commands', 'phone_call']

interface Voice {
  readonly initialPrompt: string
  readonly reprompt: string
  readonly voice: string
  readonly speechTimeout: string
  readonly speechModel: string
  readonly enhanced: string
}

export const createTwilioVoice: CreateChannel = (settings, host) => {
  const voice = readVoice(settings)
  const token =
    settings['auth_token'] === undefined ? undefined : neededText(settings, 'twilio_voice', 'auth_token')
  const publicUrl = optionalText(settings, 'webhook_url')
  const channel: Channel = {
    name: 'twilio_voice',
    mount(router) {
      if (token === undefined) {
        host.log.warn(
          { code: 'twilio_voice.open' },
          'twilio_voice has no auth_token: that the webhook is called by Twilio is not checked.',
        )
      }
      mountWebhook(router, 'twilio_voice', async (ctx, body) => {
        const fields = form(body)
        if (token !== undefined) checkTwilioSignature(ctx, fields, token, publicUrl)
        await answer(ctx, fields)
      })
    },
  }

  /** Silence repeats what the bot said last. */
  async function answer(ctx: Context, fields: URLSearchParams): Promise<void> {
    const sender = fields.get('From')
    const isRinging = fields.get('CallStatus') === 'ringing'
    const text = fields.get('SpeechResult') ?? (isRinging ? voice.initialPrompt : null)
    const message = toUserMessage({ text, sender, channel: 'twilio_voice' })
    const said: string[] = []
    if (text === null) said.push((await host.lastAnswer(message.senderId)) ?? voice.reprompt)
    else {
      try {
        await host.handle(message, createOutput(said))
      } catch (error) {
        if (error instanceof CodedError && [429, 503].includes(error.status)) throw error
        host.log.error(
          { code: 'channel.turn-failed', channel: 'twilio_voice', err: error },
          'A message was not handled.',
        )
      }
    }
    sendText(ctx, twiml(said, voice), 'text/xml')
  }

  return channel
}

function readVoice(settings: ChannelSettings): Voice {
  const read = (key: string, fallback: string): string => optionalText(settings, key) ?? fallback
  const given = settings['enhanced'] ?? 'false'
  const enhanced = (typeof given === 'string' ? given : JSON.stringify(given)).toLowerCase()
  const voice = {
    initialPrompt: read('initial_prompt', 'hello'),
    reprompt: read('reprompt_fallback_phrase', "I'm sorry I didn't get that could you rephrase."),
    voice: read('assistant_voice', 'woman'),
    speechTimeout: read('speech_timeout', '5'),
    speechModel: read('speech_model', 'default'),
    enhanced,
  }
  const isAuto = voice.speechTimeout.toLowerCase() === 'auto'
  if (!isAuto && !/^\d+$/.test(voice.speechTimeout)) {
    throw settingError('twilio_voice', 'speech_timeout should be whole seconds or auto.')
  }
  if (!SPEECH_MODELS.includes(voice.speechModel)) {
    throw settingError('twilio_voice', `speech_model should be one of ${SPEECH_MODELS.join(', ')}.`)
  }
  if (enhanced !== 'true' && enhanced !== 'false') {
    throw settingError('twilio_voice', 'enhanced should be true or false.')
  }
  if (enhanced === 'true' && voice.speechModel !== 'phone_call') {
    throw settingError('twilio_voice', 'enhanced needs the speech_model phone_call.')
  }
  if (isAuto && voice.speechModel !== 'numbers_and_commands') {
    throw settingError('twilio_voice', 'speech_timeout auto needs the speech_model numbers_and_commands.')
  }
  return voice
}

/** Buttons are read out by their titles; images are not. */
function createOutput(said: string[]): OutputChannel {
  return {
    name: 'twilio_voice',
    async send(_recipient, message) {
      await renderMessage(
        {
          text(text) {
            said.push(...textParts(text))
          },
          buttons(text, buttons) {
            if (text !== null) said.push(text)
            said.push(...buttons.map(({ title = '' }) => title))
          },
          image: () => undefined,
        },
        message,
      )
    },
  }
}

/** Each message is said, with a pause behind it; while the last is said, the user may speak. */
function twiml(messages: readonly string[], voice: Voice): string {
  const say = (text: string): string => `<Say voice="${escape(voice.voice)}">${escape(text)}</Say>`
  const last = messages.at(-1)
  const spoken = messages.slice(0, -1).map(text => `${say(text)}<Pause length="1" />`)
  const gather =
    last === undefined
      ? ''
      : `<Gather action="/webhooks/twilio_voice/webhook" actionOnEmptyResult="true" enhanced="${voice.enhanced}" ` +
        `input="speech" speechModel="${voice.speechModel}" speechTimeout="${voice.speechTimeout}">${say(last)}</Gather>`
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${spoken.join('')}${gather}</Response>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** XML text; characters that XML has no place for are left out. */
function escape(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"]/g, character => ENTITIES[character] ?? '')
}
