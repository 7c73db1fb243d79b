// A message of the user: the whole turn that it starts, or only what it leaves in the conversation.

import type { ParseData, UserMessage, UserUttered } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext, TurnResult } from './context.ts'
import type { Effectful } from './effects.ts'
import { runPredictionLoop } from './prediction-loop.ts'
import { extractSlots } from './run-action.ts'
import { beginSessionIfDue } from './session.ts'
import { TurnLog } from './turn-log.ts'

/** The turn's events: a session if one is due, the message, its slots, and the actions up to the next listen. */
export function* handleMessage(
  context: TurnContext,
  tracker: Tracker,
  message: UserMessage,
  parseData: ParseData,
): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  yield* hear(turn, message, parseData)
  if (context.policies !== null) {
    yield* extractSlots(turn)
    yield* runPredictionLoop(turn)
  }
  return turn.result()
}

/** The message with its slots, without a turn of the bot. */
export function* logMessage(
  context: TurnContext,
  tracker: Tracker,
  message: UserMessage,
  parseData: ParseData,
): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  yield* hear(turn, message, parseData)
  yield* extractSlots(turn)
  return turn.result()
}

function* hear(turn: TurnLog, message: UserMessage, parseData: ParseData): Effectful<void> {
  yield* beginSessionIfDue(turn, message.metadata)
  turn.add(userUttered(message, parseData, message.messageId ?? turn.context.newId()))
}

function userUttered(
  { text, inputChannel, metadata = {} }: UserMessage,
  parseData: ParseData,
  messageId: string,
): UserUttered {
  return {
    event: 'user',
    metadata,
    text,
    parse_data: {
      ...{ intent: parseData.intent, entities: parseData.entities, text, message_id: messageId, metadata },
      ...parseData,
    },
    input_channel: inputChannel,
    message_id: messageId,
  }
}
