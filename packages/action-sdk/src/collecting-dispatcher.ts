// What an action says, in the shape that rasa-sdk gives it.

import type { ActionResponse, Button, JsonObject, JsonValue } from '@tabula/protocol'

export interface Utterance {
  readonly text?: string | null
  readonly image?: string | null
  /** JSON for the channel; `custom` is the same under the name that it has in the answer. */
  readonly json_message?: JsonObject | null
  readonly custom?: JsonValue
  /** The name of a response of the domain; `template` is its older name. */
  readonly response?: string | null
  readonly template?: string | null
  readonly attachment?: JsonValue
  readonly buttons?: readonly Button[] | null
  readonly elements?: readonly JsonValue[] | null
  /** Every other key is a variable of the response. */
  readonly [variable: string]: JsonValue | undefined
}

export class CollectingDispatcher {
  readonly messages: ActionResponse[] = []

  /** Says a text, a response of the domain, an image, buttons or any mix of them, after what was said before. */
  utterMessage({
    text = null,
    image = null,
    json_message = null,
    response = null,
    template = null,
    attachment = null,
    buttons = null,
    elements = null,
    ...variables
  }: Utterance): void {
    const name = response === null || response === '' ? template : response
    this.messages.push({
      text,
      buttons: buttons ?? [],
      elements: elements ?? [],
      custom: json_message ?? {},
      template: name,
      response: name,
      image,
      attachment,
      ...variables,
    })
  }
}
