// Drives a turn: performs each effect that the generator yields, and resumes it with the result.

import { CodedError } from '@tabula/protocol'
import type { ActionCall, ActionOutcome, BotMessage } from '@tabula/protocol'
import type { Effect, Effectful, EffectResult, RemoteNlgEffect } from '@tabula/dialogue'
import type { Log } from '../telemetry/log.ts'
import type { ReminderScheduler } from '../reminders/reminder-scheduler.ts'

/** What the effects of one turn reach. */
export interface Surroundings {
  readonly sender: string
  readonly send: (message: BotMessage) => Promise<void> | undefined
  readonly callAction: (call: ActionCall) => Promise<ActionOutcome>
  readonly askNlg: (request: RemoteNlgEffect['request']) => Promise<BotMessage | null | undefined>
  readonly reminders: ReminderScheduler
  readonly log: Log
}

/** What the generator returns; throws what an effect throws, after the generator has had its chance to clean up. */
export async function perform<Result>(turn: Effectful<Result>, surroundings: Surroundings): Promise<Result> {
  let step = turn.next()
  while (step.done !== true) {
    let result: EffectResult
    try {
      const performed = performEffect(step.value, surroundings)
      result = performed instanceof Promise ? await performed : performed
    } catch (error) {
      turn.return(undefined as never)
      throw error
    }
    step = turn.next(result)
  }
  return step.value
}

function performEffect(effect: Effect, surroundings: Surroundings): EffectResult | Promise<EffectResult> {
  const { sender, reminders, log } = surroundings
  switch (effect.kind) {
    case 'send':
      return surroundings.send(effect.message)?.then(() => undefined)
    case 'call_action':
      return surroundings.callAction(effect.call)
    case 'remote_nlg':
      return surroundings.askNlg(effect.request)
    case 'schedule_reminder':
      return reminders.schedule(sender, effect.reminder)?.then(() => undefined)
    case 'cancel_reminder':
      return reminders.cancel(sender, effect.cancel)?.then(() => undefined)
    case 'log':
      log[effect.level]({ code: effect.code, sender }, effect.message)
      return undefined
    default:
      return unknownEffect(effect)
  }
}

function unknownEffect(effect: never): never {
  throw new CodedError('turn.unknown-effect', `A turn asked for ${JSON.stringify(effect)}.`)
}
