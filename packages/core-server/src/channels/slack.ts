// Rasa's Slack channel: Events API, interactive components and slash commands in; chat.postMessage out.
// https://api.slack.com/authentication/verifying-requests-from-slack, https://api.slack.com/apis/events-api

import type { Context } from 'koa'
import { isSameSecret } from '../http/same-secret.ts'
import { sendJson, sendText } from '../http/json-answer.ts'
import type { CreateChannel, Delivery, DeliveringChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import { apiUrl, isOn, neededText, optionalText, settingError } from './settings.ts'
import type { ChannelSettings } from './settings.ts'
import { readInteraction, readSlackEvent, readSlashCommand } from './slack-messages.ts'
import type { SlackMessage } from './slack-messages.ts'
import { createSlackOutput } from './slack-output.ts'
import { toUserMessage } from './user-message.ts'
import { form, hmac, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

/** Seconds that a signature holds. */
const WINDOW = 300

const GRANULARITIES = ['sender', 'channel', 'thread']

export const createSlack: CreateChannel = (settings, host) => {
  const token = neededText(settings, 'slack', 'slack_token')
  const secret = neededText(settings, 'slack', 'slack_signing_secret')
  const slackChannel = optionalText(settings, 'slack_channel')
  const granularity = optionalText(settings, 'conversation_granularity') ?? 'sender'
  if (!GRANULARITIES.includes(granularity)) {
    throw settingError('slack', `conversation_granularity should be one of ${GRANULARITIES.join(', ')}.`)
  }
  const isThreaded = isOn(settings, 'use_threads')
  const url = apiUrl(settings, 'slack', 'api_url', 'https://slack.com/api')
  const api = createProviderClient('slack', host.log, optionalText(settings, 'proxy'))
  const channel: DeliveringChannel = {
    name: 'slack',
    output: () => createSlackOutput(api, { url, token, channel: slackChannel, thread: undefined }),
    reach: address =>
      createSlackOutput(api, {
        url,
        token,
        channel: textAt(address, 'channel') ?? slackChannel,
        thread: textAt(address, 'thread'),
      }),
    mount(router) {
      mountWebhook(
        router,
        'slack',
        async (ctx, body) => {
          checkSignature(ctx, body, secret)
          await answer(ctx, body)
        },
        ['GET', 'POST'],
      )
    },
    close: () => api.close(),
  }

  async function answer(ctx: Context, body: Buffer): Promise<void> {
    const type = ctx.get('Content-Type')
    if (type.startsWith('application/json')) {
      const event = jsonObject(body)
      if ('challenge' in event) {
        sendJson(ctx, event['challenge'])
        return
      }
      await take(ctx, readSlackEvent(event, slackChannel))
    } else if (type.startsWith('application/x-www-form-urlencoded')) {
      const fields = form(body)
      const payload = fields.get('payload')
      await take(ctx, payload === null ? readSlashCommand(fields) : readInteraction(payload))
    } else sendText(ctx, 'Bot message delivered.')
  }

  /** A repeat is answered as Rasa answers one that it drops; here it is known by its id, so a lost first try is made good. */
  async function take(ctx: Context, read: SlackMessage | string): Promise<void> {
    if (typeof read === 'string') {
      sendText(ctx, read)
      return
    }
    const isRepeat = await host.accept(channel, toDelivery(read, granularity, isThreaded))
    sendText(ctx, '')
    if (!isRepeat || ctx.get(headerOf(settings)) === '') return
    ctx.status = 201
    ctx.set('X-Slack-No-Retry', '1')
  }

  return channel
}

function toDelivery(read: SlackMessage, granularity: string, isThreaded: boolean): Delivery {
  const { text, user, channel, thread, users, id } = read
  const parts =
    granularity === 'channel' ? [user, channel] : granularity === 'thread' ? [user, channel, thread] : [user]
  const sender = parts.every(part => part !== undefined && part !== '') ? parts.join('_') : user
  const metadata = { out_channel: channel ?? null, thread_id: thread ?? null, users }
  return {
    message: toUserMessage({ text, sender, channel: 'slack', metadata }),
    id,
    address: {
      ...(channel === undefined ? {} : { channel }),
      ...(isThreaded && thread !== undefined ? { thread } : {}),
    },
  }
}

function headerOf(settings: ChannelSettings): string {
  return optionalText(settings, 'slack_retry_number_header') ?? 'x-slack-retry-num'
}

function checkSignature(ctx: Context, body: Buffer, secret: string): void {
  const timestamp = ctx.get('X-Slack-Request-Timestamp')
  const age = Math.abs(Date.now() / 1000 - Number(timestamp))
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body])
  const isSigned = isSameSecret(ctx.get('X-Slack-Signature'), `v0=${hmac('sha256', secret, signed)}`)
  if (!/^\d+$/.test(timestamp) || age > WINDOW || !isSigned) {
    throw unverified(400, 'Message is not properly signed with a valid X-Slack-Signature header')
  }
}
