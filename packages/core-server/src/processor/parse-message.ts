// What a message says: `/intent{...}` by its form, anything else by the model's pipeline.

import { parseIntentMessage } from '@tabula/nlu'
import type { KnownNames } from '@tabula/nlu'
import type { Domain } from '@tabula/dialogue'
import type { ParseData } from '@tabula/protocol'
import type { ServedModel } from '../model-host/served-model.ts'

/** Rasa's parse result of the text; throws what the pipeline throws. */
export function parseMessage(model: ServedModel, text: string): ParseData | Promise<ParseData> {
  const known = model.ensemble === null && model.domain.intents.size === 0 ? null : namesOf(model.domain)
  return parseIntentMessage(text, known) ?? parsePlainText(model, text)
}

/** The same of a text that is taken as words, whatever its form. */
export function parsePlainText(model: ServedModel, text: string): ParseData | Promise<ParseData> {
  return model.pipeline?.parse(text) ?? { text, intent: { name: null, confidence: 0 }, entities: [] }
}

const names = new WeakMap<Domain, KnownNames>()

function namesOf(domain: Domain): KnownNames {
  const found = names.get(domain)
  if (found !== undefined) return found
  const made = { intents: new Set(domain.intents.keys()), entities: new Set(domain.entities.keys()) }
  names.set(domain, made)
  return made
}
