// Which variables a response names: what stands in braces in any text of its variations.

import type { JsonValue, ResponseVariation } from '@tabula/protocol'

/** Rasa fills these keys; elements stay as they are. */
const FILLED = ['text', 'image', 'custom', 'buttons', 'attachment', 'quick_replies']

/** The names, in the order of the texts, each once. Braces that hold anything but a name, such as JSON, are no variables. */
export function responseVariables(variations: readonly ResponseVariation[]): string[] {
  const texts = variations.flatMap(variation => FILLED.flatMap(part => textsIn(variation[part])))
  const names = texts.flatMap(text =>
    Array.from(text.matchAll(/(?<!\{)\{([\p{L}_][\p{L}\p{N}_.-]*)\}(?!\})/gu), match => match[1] ?? ''),
  )
  return [...new Set(names)]
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || value === undefined || typeof value !== 'object') return []
  return Object.values(value).flatMap((each: JsonValue | undefined) => textsIn(each))
}
