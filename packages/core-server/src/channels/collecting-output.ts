// Collects what a turn says in the shapes of REST's answers: also for `callback`, and for the API's `messages`.

import type { BotMessage, Button, JsonValue } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { CollectedMessage, OutputChannel } from './channel.ts'
import { inText, renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'

export class CollectingOutput implements OutputChannel {
  readonly name: string
  readonly isReply: boolean
  readonly messages: CollectedMessage[] = []
  readonly #deliver: (message: CollectedMessage) => void | Promise<void>

  /** `deliver` is also called with each message as it is said. */
  constructor(name = 'collector', deliver?: (message: CollectedMessage) => void | Promise<void>) {
    this.name = name
    this.isReply = deliver === undefined
    this.#deliver = message => {
      this.messages.push(message)
      return deliver?.(message)
    }
  }

  async send(recipient: string, message: BotMessage): Promise<void> {
    await renderMessage(this.#renderer(recipient), message)
  }

  #renderer(recipient_id: string): Renderer {
    const deliver = this.#deliver
    return {
      text: async text => {
        for (const part of textParts(text)) await deliver({ recipient_id, text: part })
      },
      // Beside buttons a text is not split: Rasa's REST keeps both in one item.
      buttons: (text, buttons) => deliver({ recipient_id, ...(text === null ? {} : { text }), buttons }),
      // Elements carry their buttons along even where there are none.
      elements: async elements => {
        for (const element of elements) await deliver({ recipient_id, ...elementAsText(element) })
      },
      image: image => deliver({ recipient_id, image }),
      attachment: attachment => deliver({ recipient_id, attachment }),
      custom: custom => deliver({ recipient_id, custom }),
    }
  }
}

function elementAsText(element: JsonValue): { text: string; buttons: readonly Button[] } {
  const { title = '', subtitle = '', buttons } = isRecord(element) ? element : {}
  return {
    text: `${inText(title)} : ${inText(subtitle)}`,
    buttons: Array.isArray(buttons) ? (buttons as Button[]) : [],
  }
}
