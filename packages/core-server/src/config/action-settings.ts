// What endpoints.yml says of calls to the action server beyond Rasa's keys. Rasa passes over all of these.

import { CodedError } from '@tabula/protocol'
import type { CircuitSettings } from '../action-client/circuit-breaker.ts'
import type { Packing } from '../action-client/pack-body.ts'
import { isRecord } from '../http/body.ts'
import { LIMITS } from './limits.ts'

export interface ActionSettings {
  /** Milliseconds for a call. */
  readonly deadline: number
  /** The same for single actions, by name. */
  readonly deadlines: ReadonlyMap<string, number>
  /** The latest events alone are sent; null sends all. */
  readonly maxEventHistory: number | null
  readonly compress: Packing | null
  /** null calls the server however often it does not answer. */
  readonly circuit: CircuitSettings | null
}

const PLACE = 'endpoints.yml: action_endpoint'

/**
 * The settings under `timeout` and `timeouts` (seconds), `max_event_history`, `compress` and `circuit_breaker`; Rasa's
 * environment variable COMPRESS_ACTION_SERVER_REQUEST packs calls too. Throws CodedError `endpoints.action-setting`.
 */
export function readActionSettings(entry: Readonly<Record<string, unknown>>): ActionSettings {
  const { timeout, timeouts, max_event_history: maxEvents } = entry
  if (isGiven(timeouts) && !isRecord(timeouts))
    throw wrong('timeouts', 'seconds by names of actions', timeouts)
  return {
    deadline: isGiven(timeout) ? readSeconds('timeout', timeout) : LIMITS.actionDeadline,
    deadlines: new Map(
      Object.entries(isRecord(timeouts) ? timeouts : {}).map(([action, seconds]) => [
        action,
        readSeconds(`timeouts: ${action}`, seconds),
      ]),
    ),
    maxEventHistory: isGiven(maxEvents) ? readCount('max_event_history', maxEvents) : null,
    compress: readCompress(entry['compress']),
    circuit: readCircuit(entry['circuit_breaker']),
  }
}

function readCompress(setting: unknown): Packing | null {
  if (!isGiven(setting)) return isTrue(process.env['COMPRESS_ACTION_SERVER_REQUEST']) ? 'deflate' : null
  if (setting === 'gzip' || setting === 'deflate') return setting
  if (setting === false || setting === 'false') return null
  if (isTrue(setting)) return 'deflate'
  throw wrong('compress', 'true, false, deflate or gzip', setting)
}

function readCircuit(setting: unknown): CircuitSettings | null {
  if (setting === false || setting === 'false') return null
  if (isGiven(setting) && !isTrue(setting) && !isRecord(setting)) {
    throw wrong('circuit_breaker', 'false, or a map with failures and pause', setting)
  }
  const { failures, pause } = isRecord(setting) ? setting : {}
  const first = isGiven(pause) ? readSeconds('circuit_breaker: pause', pause) : LIMITS.actionCircuitPause
  return {
    failures: isGiven(failures)
      ? readCount('circuit_breaker: failures', failures)
      : LIMITS.actionCircuitFailures,
    pause: first,
    longestPause: Math.max(first, LIMITS.actionCircuitLongestPause),
  }
}

/** Milliseconds. A value that came out of `${VAR}` is text. */
function readSeconds(name: string, value: unknown): number {
  const seconds = asNumber(value)
  // Timers of Node end at 2^31 milliseconds.
  if (!(seconds > 0 && seconds <= 2_000_000)) throw wrong(name, 'a number of seconds above 0', value)
  return Math.ceil(seconds * 1000)
}

function readCount(name: string, value: unknown): number {
  const count = asNumber(value)
  if (!Number.isInteger(count) || count < 1) throw wrong(name, 'a whole number from 1', value)
  return count
}

function asNumber(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(true|1|yes|y|t|on)$/i.test(value))
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function wrong(name: string, right: string, found: unknown): CodedError {
  return new CodedError(
    'endpoints.action-setting',
    `${PLACE}: ${name} should be ${right}; found ${JSON.stringify(found)}.`,
    { status: 400 },
  )
}
