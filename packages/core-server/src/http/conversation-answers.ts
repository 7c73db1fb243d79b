// What the routes of a conversation share: which channel answers, and Rasa's errors for what goes wrong.

import type { Context } from 'koa'
import type { Tracker } from '@tabula/dialogue'
import type { EventVerbosity, TrackerState } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { CollectedMessage, OutputChannel } from '../channels/channel.ts'
import type { ConversationRouteParts } from './conversation-routes.ts'
import { ApiError } from './errors.ts'
import { textArgument } from './query.ts'

/** The channel that `output_channel` names (`latest`: where the user wrote last), else one that collects the messages. */
export function outputFor(ctx: Context, tracker: Tracker, parts: ConversationRouteParts): OutputChannel {
  const asked = textArgument(ctx, 'output_channel')
  return parts.findOutput(asked === 'latest' ? tracker.latestInputChannel : (asked ?? null))
}

/** Rasa's answer to a turn that was asked for: messages only where the channel collected them. */
export function turnAnswer(
  tracker: TrackerState,
  output: OutputChannel,
): { readonly tracker: TrackerState; readonly messages?: readonly CollectedMessage[] } {
  return output.messages === undefined ? { tracker } : { tracker, messages: output.messages }
}

/** Throws the 404 that Rasa answers where story, execute or predict meet an unknown conversation. */
export async function requireKnown(id: string, { conversations }: ConversationRouteParts): Promise<void> {
  if ((await conversations.read(id, () => true)) === null) {
    throw new ApiError({ status: 404, reason: 'Not found', message: 'Conversation ID not found.' })
  }
}

/** What goes wrong inside is Rasa's ConversationError: 500, or the 4xx that fits where the caller is at fault. */
export async function asConversationError<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ApiError) throw cause
    if (cause instanceof CodedError && [409, 429, 503].includes(cause.status)) throw cause
    const isKnown = cause instanceof CodedError
    throw new ApiError({
      status: isKnown && cause.status < 500 ? cause.status : 500,
      reason: 'ConversationError',
      message: `An unexpected error occurred. Error: ${isKnown ? cause.message : 'the log says more.'}`,
      cause,
    })
  }
}

export type StateOf = (tracker: Tracker) => TrackerState

export function stateWith(verbosity: EventVerbosity): StateOf {
  return tracker => tracker.toState(verbosity)
}
