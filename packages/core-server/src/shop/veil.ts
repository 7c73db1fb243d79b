// What viewers read of conversations where `privacy:` names the history: personal data is masked in whatever they are answered.
// Who labels, replies or erases has to see what was said.

import type { LoggedEvent } from '@tabula/protocol'
import { createMask } from '../privacy/mask.ts'
import type { PrivacySettings } from '../privacy/read-privacy.ts'
import type { Caller, PublicRoute } from './public-route.ts'

/** The value as this caller may see it. */
export type Veil = <Value>(caller: Caller, value: Value) => Value

/** Names of things: what they hold leads to other answers, and says nothing that a person wrote. */
const NAMES = new Set([
  'sender',
  'channel',
  'model_id',
  'id',
  'user_id',
  'email',
  'next',
  'previous',
  'name',
  'file',
  'states',
])

/** Gives everything as it is to all but viewers, and to them too where the settings do not name the history. */
export function createVeil(settings: PrivacySettings): Veil {
  if (!settings.inHistory) return (_caller, value) => value
  const mask = createMask(settings)
  const veiled = (value: unknown): unknown => {
    if (typeof value === 'string') return mask.text(value)
    if (Array.isArray(value)) return value.map(veiled)
    if (typeof value !== 'object' || value === null) return value
    if (isEvent(value)) return mask.event(value)
    const entries = Object.entries(value).map(([key, each]): [string, unknown] => {
      // Places in a text that is another one now.
      if (key === 'marks') return [key, []]
      return [key, NAMES.has(key) ? each : veiled(each)]
    })
    return Object.fromEntries(entries)
  }
  return <Value>(caller: Caller, value: Value) =>
    // Texts alone change, so a value stays one of its kind.
    caller.kind === 'user' && caller.role === 'viewer' ? (veiled(value) as Value) : value
}

/** The routes with their answers behind the veil; those that answer by themselves put it on themselves. */
export function behindVeil(routes: readonly PublicRoute[], veil: Veil): readonly PublicRoute[] {
  return routes.map(route => ({
    ...route,
    handle: async call => veil(call.caller, await route.handle(call)),
  }))
}

function isEvent(value: object): value is LoggedEvent {
  return 'event' in value && typeof value.event === 'string' && 'timestamp' in value
}
