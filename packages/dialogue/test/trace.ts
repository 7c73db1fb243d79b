// Events as short lines, one an event, for tests to compare.

import type { LoggedEvent, TrackerEvent } from '@tabula/protocol'

const POLICIES: Readonly<Record<string, string>> = { RulePolicy: 'R', followup_action: 'F' }
const SESSION = ['action action_session_start - 1', 'session_started', 'action listen - null']

/**
 * One line an event. `R`/`F` = RulePolicy/followup_action with confidence 1 unless given, `-` = no policy, `h` = hidden
 * from other policies, `uf` = user_featurization, `START` = the three events that begin a session.
 */
export function trace(events: readonly LoggedEvent[]): string[] {
  const lines = events.map(lineOf)
  const short: string[] = []
  for (const line of lines) {
    short.push(line)
    if (SESSION.every((part, index) => short.at(index - SESSION.length) === part)) {
      short.splice(-SESSION.length, SESSION.length, 'START')
    }
  }
  return short
}

function lineOf(event: TrackerEvent): string {
  switch (event.event) {
    case 'user': {
      const { name, confidence } = event.parse_data.intent
      return `user ${event.text ?? ''} (${name ?? 'no intent'}${confidence === undefined ? '' : ` ${confidence}`})`
    }
    case 'action': {
      const name = (event.name ?? `'${event.action_text ?? ''}'`).replace(/^action_listen$/, 'listen')
      const policy = event.policy === null ? '-' : (POLICIES[event.policy] ?? event.policy)
      const isPlain = event.policy !== null && event.confidence === 1
      return `action ${name} ${policy}${isPlain ? '' : ` ${event.confidence}`}${event.hide_rule_turn ? ' h' : ''}`
    }
    case 'bot':
      return `bot ${event.text ?? JSON.stringify(event.data.custom)}`
    case 'slot':
      return `slot ${event.name} ${JSON.stringify(event.value)}`
    case 'active_loop':
      return `active_loop ${event.name}`
    case 'action_execution_rejected':
      return `rejected ${event.name}`
    case 'followup':
      return `followup ${event.name}`
    case 'user_featurization':
      return event.use_text_for_featurization === true ? 'uf text' : 'uf'
    default:
      return event.event
  }
}
