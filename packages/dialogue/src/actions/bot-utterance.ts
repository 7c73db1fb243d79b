// A message of the bot as an event, and the event as the message that a channel sends.

import type { BotData, BotMessage, BotUttered, JsonObject } from '@tabula/protocol'
import { isFilled } from './is-filled.ts'

/** The event of saying this: all six data keys, and every key that is not the message's own as metadata. */
export function createBotUtterance(message: BotMessage): BotUttered {
  const { text, elements, quick_replies, buttons, attachment, image, custom, ...others } = message
  const data: BotData = {
    elements: elements ?? null,
    quick_replies: quick_replies ?? null,
    buttons: buttons ?? null,
    // An image without an attachment stands in both places, as in Rasa.
    attachment: isFilled(attachment) ? attachment : (image ?? null),
    image: image ?? null,
    custom: custom ?? null,
  }
  return { event: 'bot', text: text ?? null, data, metadata: others satisfies JsonObject }
}

/** What a channel is given of the event; an image that is the attachment too is sent once. */
export function messageOf({ text, data, metadata }: BotUttered): BotMessage {
  const message: BotMessage = { ...data, text, ...metadata }
  return message.image === message.attachment ? { ...message, attachment: null } : message
}
