// What an action says, in the shape that rasa-sdk gives it.

import type { ActionResponse, Button, JsonObject, JsonValue } from '@tabula/protocol'
import type { AnyBot, BotTypes, ResponseName, VariablesOf } from './bot-types.ts'

export interface Utterance<B extends BotTypes = AnyBot> {
  readonly text?: string | null
  readonly image?: string | null
  /** JSON for the channel; `custom` is the same under the name that it has in the answer. */
  readonly json_message?: JsonObject | null
  readonly custom?: JsonValue
  /** The name of a response of the domain; `template` is its older name. */
  readonly response?: ResponseName<B> | null
  readonly template?: ResponseName<B> | null
  readonly attachment?: JsonValue
  readonly buttons?: readonly Button[] | null
  readonly elements?: readonly JsonValue[] | null
  /** Every other key is a variable of the response. */
  readonly [variable: string]: JsonValue | undefined
}

export class CollectingDispatcher<B extends BotTypes = AnyBot> {
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
  }: Utterance<B>): void {
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

  /** Says a response of the domain; the variables are those of its texts that no slot fills, or fills otherwise. */
  respond<Name extends ResponseName<B>>(name: Name, ...[variables]: VariablesOf<B, Name>): void {
    this.utterMessage({ ...variables, response: name })
  }
}
