// Masks what is personal in texts, in JSON and in events, by the settings of `privacy:`.

import { createHash } from 'node:crypto'
import type { Pattern } from '@tabula/nlu'
import type { LoggedEvent } from '@tabula/protocol'
import { maskByForm } from './built-in-rules.ts'
import type { PrivacySettings } from './read-privacy.ts'

const HIDDEN = '[masked]'

export interface Mask {
  text(text: string): string
  /** The value with every text in it masked; keys and everything but text stay. */
  value(value: unknown): unknown
  /** The event with its texts masked, and the values of the entities and slots that are named. */
  event(event: LoggedEvent): LoggedEvent
  /** The sender, or a hash of it by which lines of one person are still found together. */
  sender(id: string): string
}

export function createMask({ rules, patterns, entities, hashesSenders }: PrivacySettings): Mask {
  const text = (given: string): string =>
    patterns.reduce((masked, pattern) => withoutMatches(masked, pattern), maskByForm(given, rules))
  const value = (given: unknown, hide: (text: string) => string = text): unknown => {
    if (typeof given === 'string') return hide(given)
    if (Array.isArray(given)) return given.map(each => value(each, hide))
    if (typeof given !== 'object' || given === null || given instanceof Error) return given
    return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, value(each, hide)]))
  }
  return {
    text,
    value: given => value(given),
    event(event) {
      const secrets = entities.size === 0 ? [] : secretsOf(event, entities)
      const hide = (given: string): string =>
        text(secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), given))
      const masked =
        event.event === 'slot' && entities.has(event.name) && event.value !== null
          ? { ...event, value: HIDDEN }
          : event
      // Masking changes texts alone, so an event stays one of its kind.
      return value(masked, hide) as LoggedEvent
    },
    sender: id =>
      hashesSenders ? createHash('sha256').update(id).digest('base64url').slice(0, 16) : text(id),
  }
}

/** What a message's entities of these names say; longest first, so that no part of one is left standing. */
function secretsOf(event: LoggedEvent, entities: ReadonlySet<string>): string[] {
  if (event.event !== 'user') return []
  const { text, parse_data: parsed } = event
  const characters = Array.from(text ?? '')
  return parsed.entities
    .filter(({ entity }) => entities.has(entity))
    .flatMap(({ start, end, value }) => {
      const said = start === undefined || end === undefined ? '' : characters.slice(start, end).join('')
      return [said, typeof value === 'string' ? value : ''].filter(secret => secret !== '')
    })
    .toSorted((a, b) => b.length - a.length)
}

function withoutMatches(text: string, pattern: Pattern): string {
  let masked = ''
  let end = 0
  for (const match of pattern.matches(text)) {
    masked += `${text.slice(end, match.start)}${HIDDEN}`
    end = match.end
  }
  return masked + text.slice(end)
}
