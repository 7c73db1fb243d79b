// What markers found, as Rasa's CSV tables: every hit, and statistics over all and by session.

import type { LoggedEvent } from '@tabula/protocol'
import { evaluateMarker, type MarkerConfig, type MarkerHit, sessionsOf } from './marker.ts'

export interface SessionHits {
  readonly sender: string
  readonly session: number
  readonly hits: ReadonlyMap<string, readonly MarkerHit[]>
}

/** The hits of all markers in each session of a conversation. */
export function markSessions(
  sender: string,
  events: readonly LoggedEvent[],
  markers: ReadonlyMap<string, MarkerConfig>,
): SessionHits[] {
  return sessionsOf(events).map(({ events: own, start }, session) => ({
    sender,
    session,
    hits: new Map([...markers].map(([name, config]) => [name, evaluateMarker(config, own, start)])),
  }))
}

/** `sender_id, session_idx, marker, event_idx, num_preceding_user_turns`, a line a hit. */
export function hitsTable(sessions: readonly SessionHits[]): string {
  return csv([
    ['sender_id', 'session_idx', 'marker', 'event_idx', 'num_preceding_user_turns'],
    ...sessions.flatMap(({ sender, session, hits }) =>
      [...hits].flatMap(([name, found]) =>
        found.map(({ eventIndex, userTurnsBefore }) => [sender, session, name, eventIndex, userTurnsBefore]),
      ),
    ),
  ])
}

const HEAD = ['sender_id', 'session_idx', 'marker', 'statistic', 'value']
const TURNS = '(number of preceding user turns)'

export function overallTable(sessions: readonly SessionHits[], names: readonly string[]): string {
  const rows: (string | number)[][] = [['all', 'nan', '-', 'total_number_of_sessions', sessions.length]]
  for (const name of names) {
    const count = sessions.filter(({ hits }) => (hits.get(name) ?? []).length > 0).length
    rows.push(['all', 'nan', name, 'number_of_sessions_where_marker_applied_at_least_once', count])
    const share = sessions.length === 0 ? 100 : (100 * count) / sessions.length
    rows.push(['all', 'nan', name, 'percentage_of_sessions_where_marker_applied_at_least_once', shown(share)])
  }
  for (const name of names) {
    const turns = sessions.flatMap(({ hits }) => (hits.get(name) ?? []).map(hit => hit.userTurnsBefore))
    for (const [statistic, value] of statistics(turns))
      rows.push(['all', 'nan', name, `${statistic}${TURNS}`, value])
  }
  return csv([HEAD, ...rows])
}

export function perSessionTable(sessions: readonly SessionHits[], names: readonly string[]): string {
  const rows = names.flatMap(name =>
    STATISTICS.flatMap((statistic, index) =>
      sessions.map(({ sender, session, hits }) => {
        const turns = (hits.get(name) ?? []).map(hit => hit.userTurnsBefore)
        return [sender, session, name, `${statistic}${TURNS}`, statistics(turns)[index]?.[1] ?? 'nan']
      }),
    ),
  )
  return csv([HEAD, ...rows])
}

const STATISTICS = ['count', 'mean', 'median', 'min', 'max'] as const

function statistics(values: readonly number[]): [string, string][] {
  const sorted = values.toSorted((a, b) => a - b)
  const middle =
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.floor(sorted.length / 2)] ?? NaN)) /
    2
  const mean = values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length
  return [
    ['count', String(values.length)],
    ['mean', shown(mean)],
    ['median', shown(middle)],
    ['min', String(sorted[0] ?? 'nan')],
    ['max', String(sorted.at(-1) ?? 'nan')],
  ]
}

/** As Python prints a rounded float. */
function shown(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  const rounded = Math.round(value * 1000) / 1000
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded)
}

function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')
}
