// Plays a recorded conversation again: same steps, actions answered from the tape, policies as recorded or real ones.

import { parseActionReply } from '@tabula/protocol'
import type { ActionCall, ActionOutcome, LoggedEvent, ParseData, UserUttered } from '@tabula/protocol'
import {
  appendEvents,
  type Domain,
  type Effect,
  type Effectful,
  type EffectResult,
  executeAction,
  handleMessage,
  type PolicyEnsemble,
  predictNext,
  Tracker,
  triggerIntent,
  type TurnContext,
  type TurnResult,
  updateSession,
} from '../src/index.ts'
import { drive } from './drive.ts'
import { eventShape, masked, variedResponses } from './mask.ts'
import type { RecordedConversation, RecordedStep, TapeCall } from './recordings.ts'

export interface Replayed {
  readonly tracker: Tracker
  /** Where the conversation parts from the recording: its first event, its slots, what actions were called with. */
  readonly differences: readonly string[]
}

/** The conversation played again from its first step. `calls` is the sender's part of the tape. */
export function replay(
  domain: Domain,
  recorded: RecordedConversation,
  calls: readonly TapeCall[],
  policies: PolicyEnsemble,
): Replayed {
  const tracker = new Tracker(recorded.sender, domain)
  const differences: string[] = []
  const left = [...calls]
  const perform = (effect: Effect): EffectResult =>
    effect.kind === 'call_action' ? answer(effect.call, left.shift(), differences) : undefined
  const context = contextOf(domain, policies)
  try {
    for (const { step } of recorded.steps) {
      for (const turn of turnsOf(context, tracker, step, recorded.tracker.body.events)) drive(turn, perform)
    }
  } catch (error) {
    differences.push(error instanceof Error ? error.message : String(error))
  }
  const difference = firstDifference(domain, recorded.tracker.body.events, tracker.events)
  if (difference !== null) differences.unshift(difference)
  differences.push(...stateDifferences(recorded, tracker))
  if (left.length > 0) differences.push(`${left.length} calls on the tape were not made`)
  return { tracker, differences }
}

function contextOf(domain: Domain, policies: PolicyEnsemble): TurnContext {
  let clock = 1_700_000_000
  let ids = 0
  return {
    domain,
    policies,
    now: () => (clock += 0.001),
    random: () => 0,
    newId: () => (ids += 1).toString(16).padStart(32, '0'),
    modelId: 'model',
    assistantId: 'conformance',
    maxActions: 10,
    remoteNlg: false,
    outputChannel: 'collector',
  }
}

function* turnsOf(
  context: TurnContext,
  tracker: Tracker,
  step: RecordedStep,
  events: readonly LoggedEvent[],
): Iterable<Effectful<TurnResult>> {
  const text = step.say?.trim()
  if (text !== undefined) {
    const heard = nextMessage(events, tracker.events.length)
    yield handleMessage(
      context,
      tracker,
      {
        text,
        senderId: tracker.senderId,
        inputChannel: heard.input_channel,
        ...(step.metadata === undefined ? {} : { metadata: step.metadata }),
      },
      understood(heard),
    )
  } else if (step.trigger !== undefined) {
    if (!context.domain.intents.has(step.trigger)) return
    yield triggerIntent(context, tracker, { name: step.trigger, entities: step.entities ?? {} })
  } else if (step.events !== undefined) {
    yield appendEvents(context, tracker, step.events, { executeSideEffects: false })
  } else if (step.execute !== undefined) {
    if (tracker.events.length === 0 || context.domain.actionIndex(step.execute) === undefined) return
    yield executeAction(context, tracker, { name: step.execute, policy: null, confidence: 0 })
  } else if (step.predict === true) {
    if (tracker.events.length === 0) return
    yield updateSession(context, tracker)
    predictNext({ ...context, policies: null }, tracker)
  }
}

function nextMessage(events: readonly LoggedEvent[], from: number): UserUttered {
  const found = events.slice(from).find(event => event.event === 'user')
  if (found === undefined) throw new Error(`no message was recorded after event ${from}`)
  return found
}

/** What the message was understood as, without what the turn adds to it. */
function understood({ parse_data }: UserUttered): ParseData {
  const parsed = { ...parse_data }
  delete parsed.message_id
  delete parsed.metadata
  return parsed
}

function answer(call: ActionCall, taped: TapeCall | undefined, differences: string[]): ActionOutcome {
  if (taped?.action !== call.next_action) {
    differences.push(`${call.next_action} was called, the tape has ${taped?.action ?? 'nothing'}`)
    return { kind: 'failed', message: 'not on the tape' }
  }
  const sent = { ...call.tracker, events: call.tracker.events?.map(({ event }) => event) ?? null }
  const asked = JSON.stringify(masked(taped.request.tracker))
  const asks = JSON.stringify(masked(sent))
  if (asked !== asks) differences.push(`${call.next_action} was called with\n  ${asks}\nnot with\n  ${asked}`)
  if (taped.status === 200) return { kind: 'done', reply: parseActionReply(taped.response) }
  return taped.status === 400
    ? { kind: 'rejected', action: call.next_action, message: 'rejected on the tape' }
    : { kind: 'failed', message: `status ${taped.status} on the tape` }
}

function firstDifference(
  domain: Domain,
  recorded: readonly LoggedEvent[],
  played: readonly LoggedEvent[],
): string | null {
  const varied = variedResponses(domain.asDict())
  for (let index = 0; index < Math.max(recorded.length, played.length); index += 1) {
    const [theirs, ours] = [recorded[index], played[index]].map(event =>
      event === undefined ? 'no event' : eventShape(event, varied),
    )
    if (theirs !== ours) return `event ${index} is\n  ${ours ?? ''}\nnot\n  ${theirs ?? ''}`
  }
  return null
}

function stateDifferences({ tracker: { body } }: RecordedConversation, tracker: Tracker): string[] {
  const ours = tracker.toState('NONE')
  const keys = ['slots', 'active_loop', 'followup_action', 'paused', 'latest_action_name'] as const
  return keys
    .filter(key => JSON.stringify(masked(ours[key])) !== JSON.stringify(masked(body[key])))
    .map(key => `${key} is ${JSON.stringify(ours[key])}, not ${JSON.stringify(body[key])}`)
}
