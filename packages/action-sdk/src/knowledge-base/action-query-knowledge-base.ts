// Lists objects of a knowledge base, and tells their attributes: "which restaurants are there?", "what does the first cost?"

import type { JsonValue } from '@tabula/protocol'
import type { Action } from '../action.ts'
import type { CollectingDispatcher } from '../collecting-dispatcher.ts'
import type { ActionEvent } from '../events.ts'
import { slotSet } from '../events.ts'
import type { Tracker } from '../tracker.ts'
import type { KnowledgeBase, KnowledgeObject } from './knowledge-base.ts'
import { asText } from './knowledge-base.ts'
import {
  findObjectName,
  givenAttributes,
  isGiven,
  objectTypeInMessage,
  resetAttributes,
  SLOTS,
  textOf,
} from './mentions.ts'

/** The action `action_query_knowledge_base`: extend it with a knowledge base, and say things in your own words. */
export abstract class ActionQueryKnowledgeBase implements Action {
  readonly name: string = 'action_query_knowledge_base'
  readonly knowledgeBase: KnowledgeBase
  readonly #usesLastObject: boolean

  /** With `useLastObjectMention` a question that names no object is about the one spoken of last; default true. */
  constructor(
    knowledgeBase: KnowledgeBase,
    { useLastObjectMention = true }: { readonly useLastObjectMention?: boolean } = {},
  ) {
    this.knowledgeBase = knowledgeBase
    this.#usesLastObject = useLastObjectMention
  }

  /** Says the value of an attribute; null where the object has none. */
  utterAttributeValue(
    dispatcher: CollectingDispatcher,
    objectName: string,
    attribute: string,
    value: JsonValue,
  ): void | Promise<void> {
    dispatcher.utterMessage({
      text: isGiven(value)
        ? `'${objectName}' has the value '${asPythonText(value)}' for attribute '${attribute}'.`
        : `Did not find a valid value for attribute '${attribute}' for object '${objectName}'.`,
    })
  }

  /** Lists the objects that were found. */
  async utterObjects(
    dispatcher: CollectingDispatcher,
    objectType: string,
    objects: readonly KnowledgeObject[],
  ): Promise<void> {
    if (objects.length === 0) {
      dispatcher.utterMessage({ text: `I could not find any objects of type '${objectType}'.` })
      return
    }
    dispatcher.utterMessage({ text: `Found the following objects of type '${objectType}':` })
    for (const [index, object] of objects.entries()) {
      const name = await this.knowledgeBase.getRepresentationOfObject(objectType, object)
      dispatcher.utterMessage({ text: `${index + 1}: ${name}` })
    }
  }

  async run(dispatcher: CollectingDispatcher, tracker: Tracker): Promise<readonly ActionEvent[]> {
    const objectType = await this.#objectType(tracker)
    const attribute = textOf(tracker.getSlot(SLOTS.attribute)) ?? ''
    // Only an attribute of this very message makes it a question about one; the slot may be an older one's.
    const asksForAttribute = tracker.latestMessage.entities.some(({ entity }) => entity === SLOTS.attribute)
    if (objectType !== '' && !asksForAttribute) return this.#listObjects(dispatcher, objectType, tracker)
    if (objectType !== '' && attribute !== '') {
      return this.#tellAttribute(dispatcher, objectType, attribute, tracker)
    }
    const lastObjectType = textOf(tracker.getSlot(SLOTS.lastObjectType)) ?? ''
    if (lastObjectType !== '' && tracker.getSlot(SLOTS.mention) !== null && attribute !== '') {
      return this.#tellAttribute(dispatcher, lastObjectType, attribute, tracker)
    }
    dispatcher.utterMessage({ response: 'utter_ask_rephrase' })
    return []
  }

  /** The slot's, else that of an object in the message, which counts for the rest of this action; empty where there is none. */
  async #objectType(tracker: Tracker): Promise<string> {
    const given = textOf(tracker.getSlot(SLOTS.objectType)) ?? ''
    if (given !== '') return given
    const found = objectTypeInMessage(tracker, await this.knowledgeBase.getObjectTypes())
    tracker.addSlots([[SLOTS.objectType, found]])
    return found ?? ''
  }

  async #listObjects(
    dispatcher: CollectingDispatcher,
    objectType: string,
    tracker: Tracker,
  ): Promise<readonly ActionEvent[]> {
    const attributes = await this.knowledgeBase.getAttributesOfObject(objectType)
    const objects = await this.knowledgeBase.getObjects(objectType, givenAttributes(tracker, attributes))
    await this.utterObjects(dispatcher, objectType, objects)
    const reset = resetAttributes(tracker, attributes)
    if (objects.length === 0) return reset
    const key = await this.knowledgeBase.getKeyAttributeOfObject(objectType)
    const listed = objects.map(object => object[key] ?? null)
    return [
      slotSet(SLOTS.objectType, null),
      slotSet(SLOTS.mention, null),
      slotSet(SLOTS.attribute, null),
      slotSet(SLOTS.lastObject, listed.length === 1 ? (listed[0] ?? null) : null),
      slotSet(SLOTS.lastObjectType, objectType),
      slotSet(SLOTS.listedObjects, listed),
      ...reset,
    ]
  }

  async #tellAttribute(
    dispatcher: CollectingDispatcher,
    objectType: string,
    attribute: string,
    tracker: Tracker,
  ): Promise<readonly ActionEvent[]> {
    const { knowledgeBase } = this
    const wanted = findObjectName(tracker, knowledgeBase.ordinalMentions, this.#usesLastObject)
    const object = wanted === null ? null : await knowledgeBase.getObject(objectType, wanted)
    const value = object?.[attribute]
    if (object === null || value === undefined) {
      dispatcher.utterMessage({ response: 'utter_ask_rephrase' })
      return [slotSet(SLOTS.mention, null)]
    }
    const name = await knowledgeBase.getRepresentationOfObject(objectType, object)
    await this.utterAttributeValue(dispatcher, name, attribute, value)
    const key = await knowledgeBase.getKeyAttributeOfObject(objectType)
    return [
      slotSet(SLOTS.objectType, null),
      slotSet(SLOTS.attribute, null),
      slotSet(SLOTS.mention, null),
      slotSet(SLOTS.lastObject, object[key] ?? null),
      slotSet(SLOTS.lastObjectType, objectType),
    ]
  }
}

/** As rasa-sdk writes a value in its own words: True and False have capitals. */
function asPythonText(value: JsonValue): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : asText(value)
}
