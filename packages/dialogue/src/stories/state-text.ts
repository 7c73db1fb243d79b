// A state as text: equal states give equal text, and the text has the length that Rasa compares rules by.

import type { State } from '../tracker/state.ts'

type Part = string | number | readonly (string | number)[]
type Parts = Readonly<Record<string, Part | undefined>>

const texts = new WeakMap<State, string>()

/** The state as Python's json.dumps writes it with sorted keys. A state's text is made once. */
export function stateText(state: State): string {
  const known = texts.get(state)
  if (known !== undefined) return known
  const { active_loop, prev_action, slots, user } = state
  const text = objectText([
    ['active_loop', active_loop && partsText({ ...active_loop })],
    ['prev_action', prev_action && partsText({ ...prev_action })],
    ['slots', slots && slotsText(slots)],
    ['user', user && partsText({ ...user })],
  ])
  texts.set(state, text)
  return text
}

/** A list of states as text. */
export function statesText(states: readonly State[]): string {
  return `[${states.map(stateText).join(', ')}]`
}

const slotTexts = new WeakMap<NonNullable<State['slots']>, string>()

/** The part of a state's text that is of its slots. They stay the same object until one of them changes. */
export function slotsText(slots: NonNullable<State['slots']>): string {
  const known = slotTexts.get(slots)
  if (known !== undefined) return known
  const text = partsText(slots)
  slotTexts.set(slots, text)
  return text
}

function partsText(parts: Parts): string {
  return objectText(
    Object.keys(parts)
      .sort()
      .map(key => [key, valueText(parts[key])] as const),
  )
}

function objectText(entries: readonly (readonly [string, string | undefined])[]): string {
  let written = ''
  for (const [key, value] of entries) {
    if (value !== undefined) written += `${written === '' ? '' : ', '}${quoted(key)}: ${value}`
  }
  return `{${written}}`
}

function valueText(value: Part | undefined): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value)
  return `[${value.map(item => valueText(item) ?? '').join(', ')}]`
}

/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/

/** Python writes everything but ASCII as \u and four digits. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
