// Why the bot did what it did, turn by turn: the reasons that the store keeps, beside what the events say themselves.

import type { ActionReason } from '@tabula/dialogue'
import type { JsonValue, LoggedEvent } from '@tabula/protocol'
import type { TurnReasons } from '../tracker-store/tracker-store.ts'

export interface ExplainedTurn {
  readonly time: number
  /** Number of the user's event; null for a turn that no message began (a reminder, a triggered intent). */
  readonly event: number | null
  readonly text: string | null
  readonly model_id: string | null
  /** The best of the ranking, best first. */
  readonly intents: readonly { readonly name?: string | null; readonly confidence?: number }[]
  readonly entities: readonly unknown[]
  /** Slots that the turn set. */
  readonly slots: readonly { readonly name: string; readonly value: JsonValue }[]
  readonly actions: readonly ActionReason[]
  /** Of each step until the turn was saved; null where nothing was decided, or nobody measured. */
  readonly milliseconds: Readonly<Record<string, number>> | null
}

/** Intents that are shown of a ranking. */
const SHOWN_INTENTS = 5

/** A turn for each message, and for reasons that came without one; oldest first. */
export function explain(
  events: readonly LoggedEvent[],
  why: readonly TurnReasons[],
): readonly ExplainedTurn[] {
  const starts = events.flatMap((event, number) => (event.event === 'user' ? [number] : []))
  const turns = starts.map((start, index) => turnOf(events, start, starts[index + 1] ?? events.length))
  for (const { time, actions } of why) {
    // Reasons are saved when their turn ends: they belong to the last message before that.
    let turn = turns.findLast(candidate => candidate.time <= time)
    if (turn === undefined) turns.unshift((turn = { ...bare(time), actions: [] }))
    for (const { milliseconds, ...reason } of actions) {
      turn.actions.push(reason)
      turn.milliseconds ??= milliseconds ?? null
    }
  }
  return turns
}

type OpenTurn = Omit<ExplainedTurn, 'actions' | 'milliseconds'> & {
  readonly actions: ActionReason[]
  milliseconds: ExplainedTurn['milliseconds']
}

function turnOf(events: readonly LoggedEvent[], start: number, end: number): OpenTurn {
  const message = events[start]
  if (message?.event !== 'user') return { ...bare(0), actions: [] }
  const { intent, intent_ranking: ranking = [], entities } = message.parse_data
  const slots = events
    .slice(start, end)
    .flatMap(event => (event.event === 'slot' ? [{ name: event.name, value: event.value }] : []))
  const model = message.metadata?.['model_id']
  return {
    ...bare(message.timestamp),
    event: start,
    text: message.text,
    model_id: typeof model === 'string' ? model : null,
    intents: (ranking.length > 0 ? ranking : [intent]).slice(0, SHOWN_INTENTS),
    entities,
    slots,
    actions: [],
  }
}

function bare(time: number): Omit<ExplainedTurn, 'actions'> {
  return {
    time,
    event: null,
    text: null,
    model_id: null,
    intents: [],
    entities: [],
    slots: [],
    milliseconds: null,
  }
}
