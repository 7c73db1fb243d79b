// The order in which the parts of one bot message are sent, and what stands in for a part that a channel cannot show.

import { stripText } from '@tabula/nlu'
import type { BotMessage, Button, JsonValue } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'

type Done = void | Promise<void>

/** What a channel can show; all but `text` have a stand-in. */
export interface Renderer {
  text(text: string): Done
  /** `message` is the whole of it, for what a response says about its buttons (`button_type`). */
  buttons?(text: string | null, buttons: readonly Button[], message?: BotMessage): Done
  quickReplies?(text: string | null, replies: readonly JsonValue[]): Done
  image?(url: string): Done
  attachment?(attachment: JsonValue): Done
  elements?(elements: readonly JsonValue[]): Done
  custom?(custom: JsonValue): Done
}

/** Sends the parts of a message in Rasa's order: quick replies, else buttons, else text; custom, image, attachment, elements. */
export async function renderMessage(renderer: Renderer, message: BotMessage): Promise<void> {
  const { text, buttons, custom, image, attachment, elements } = message
  const replies = message.quick_replies
  if (isFilled(replies)) await quickReplies(renderer, text ?? null, replies, message)
  else if (isFilled(buttons)) await withButtons(renderer, text ?? null, buttons, message)
  else if (isFilled(text)) await renderer.text(text)
  if (isFilled(custom))
    await (renderer.custom ? renderer.custom(custom) : renderer.text(JSON.stringify(custom)))
  if (isFilled(image)) await (renderer.image ? renderer.image(image) : renderer.text(`Image: ${image}`))
  if (isFilled(attachment)) {
    await (renderer.attachment
      ? renderer.attachment(attachment)
      : renderer.text(`Attachment: ${inText(attachment)}`))
  }
  if (isFilled(elements)) await showElements(renderer, elements)
}

/** A text as the messages that it is sent in: split at every empty line. */
export function textParts(text: string): readonly string[] {
  return stripText(text).split('\n\n')
}

async function quickReplies(
  renderer: Renderer,
  text: string | null,
  replies: readonly JsonValue[],
  message: BotMessage,
): Promise<void> {
  if (renderer.quickReplies !== undefined) await renderer.quickReplies(text, replies)
  else await withButtons(renderer, text, replies.filter(isRecord) as Button[], message)
}

async function withButtons(
  renderer: Renderer,
  text: string | null,
  buttons: readonly Button[],
  message?: BotMessage,
): Promise<void> {
  if (renderer.buttons !== undefined) await renderer.buttons(text, buttons, message)
  else await buttonsAsText(renderer, text, buttons)
}

/** Buttons as numbered lines, for channels without buttons and for those that cannot show these. */
export async function buttonsAsText(
  renderer: Pick<Renderer, 'text'>,
  text: string | null,
  buttons: readonly Button[],
): Promise<void> {
  if (text !== null) await renderer.text(text)
  for (const [index, button] of buttons.entries()) {
    await renderer.text(buttonLine(button, index + 1))
  }
}

function buttonLine({ title = '', payload, ...others }: Button, number: number): string {
  const target = payload === undefined ? '' : ` (${payload})`
  const rest = Object.entries(others).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return `${number}: ${title}${target}${rest.length === 0 ? '' : ` - ${JSON.stringify(Object.fromEntries(rest))}`}`
}

async function showElements(renderer: Renderer, elements: readonly JsonValue[]): Promise<void> {
  if (renderer.elements !== undefined) {
    await renderer.elements(elements)
    return
  }
  for (const element of elements) {
    const { title = '', subtitle = '', buttons = [] } = isRecord(element) ? element : {}
    const text = `${inText(title)} : ${inText(subtitle)}`
    await withButtons(renderer, text, Array.isArray(buttons) ? (buttons as Button[]) : [])
  }
}

/** A value inside a text: texts as they are, else JSON. */
export function inText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Rasa skips what Python finds empty. */
function isFilled<Value>(value: Value): value is NonNullable<Value> {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value !== 'object' || Object.keys(value).length > 0
}
