// The effects that have an answer, with the answer's type.

import type { ActionCall, ActionOutcome, BotMessage } from '@tabula/protocol'
import type { Effectful, RemoteNlgEffect } from './effects.ts'

/** What the call of a custom action ended in. */
export function* callAction(call: ActionCall): Effectful<ActionOutcome> {
  // EffectResult's contract: a driver resumes call_action with an outcome.
  return (yield { kind: 'call_action', call }) as ActionOutcome
}

/** What the NLG server says, null where it has nothing to say, undefined where it cannot be asked. */
export function* askNlg(request: RemoteNlgEffect['request']): Effectful<BotMessage | null | undefined> {
  // EffectResult's contract: a driver resumes remote_nlg with a message, null or undefined.
  return (yield { kind: 'remote_nlg', request }) as BotMessage | null | undefined
}
