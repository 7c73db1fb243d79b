// What the bot says, as Slack shows it: blocks for buttons and images, within Slack's limits.
// https://api.slack.com/methods/chat.postMessage, https://api.slack.com/reference/block-kit

import type { BotMessage, Button, JsonValue } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { OutputChannel } from './channel.ts'
import type { ProviderClient } from './provider-client.ts'
import { buttonsAsText, inText, renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'
import { shorten, splitText } from './split-text.ts'

export interface SlackTarget {
  readonly url: string
  readonly token: string
  /** Where messages go; the user's own channel where none is given. */
  readonly channel: string | undefined
  readonly thread: string | undefined
}

/** Slack's limits; Rasa shows more than five buttons as text alone. */
const LIMITS = { text: 40_000, section: 3000, buttons: 5, label: 75, value: 2000 } as const

export function createSlackOutput(api: ProviderClient, target: SlackTarget): OutputChannel {
  const post = async (recipient: string, message: Readonly<Record<string, unknown>>): Promise<void> => {
    const json = {
      channel: target.channel ?? recipient,
      as_user: true,
      ...message,
      ...(target.thread === undefined ? {} : { thread_ts: target.thread }),
    }
    const headers = { authorization: `Bearer ${target.token}` }
    // Slack says 200 to what it refuses, and why in the body.
    await api.deliver(`${target.url}/chat.postMessage`, { json, headers }, ({ body }) => body['ok'] === true)
  }
  return {
    name: 'slack',
    async send(recipient: string, message: BotMessage) {
      await renderMessage(
        createRenderer(json => post(recipient, json)),
        message,
      )
    },
  }
}

type Post = (message: Readonly<Record<string, unknown>>) => Promise<void>

function createRenderer(post: Post): Renderer {
  const text = async (said: string): Promise<void> => {
    for (const part of textParts(said).flatMap(each => splitText(each, LIMITS.text))) {
      await post({ text: part, type: 'mrkdwn' })
    }
  }
  return {
    text,
    async buttons(said, buttons) {
      if (buttons.length > LIMITS.buttons) {
        if (said !== null) await text(said)
        return
      }
      if (!buttons.every(fits)) {
        await buttonsAsText({ text }, said, buttons)
        return
      }
      const parts = splitText(said ?? '', LIMITS.section)
      for (const part of parts.slice(0, -1)) await text(part)
      const last = parts.at(-1) ?? ''
      await post({
        text: last,
        blocks: [...section(last), { type: 'actions', elements: buttons.map(toElement) }],
      })
    },
    image: url =>
      post({ text: url, blocks: [{ type: 'image', image_url: url, alt_text: shorten(url, 2000) }] }),
    attachment: attachment => post({ attachments: [attachment] }),
    custom: custom => post(isRecord(custom) ? custom : { text: inText(custom) }),
  }
}

/** Slack refuses the message where a button would send back more than it takes. */
function fits({ title = '', payload = title }: Button): boolean {
  return payload.length <= LIMITS.value
}

/** A section needs a text; one of blanks alone is refused. */
function section(text: string): readonly JsonValue[] {
  return text.trim() === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text } }]
}

/** A button without a payload sends its title; in Rasa it ends the turn. */
function toElement({ title = '', payload = title }: Button): JsonValue {
  return {
    type: 'button',
    text: { type: 'plain_text', text: shorten(title, LIMITS.label) },
    value: payload,
  }
}
