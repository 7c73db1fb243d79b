// Routes that show a conversation's events and change them by hand.

import { CollectingOutput } from '../channels/collecting-output.ts'
import { readExactJson } from './body.ts'
import { asConversationError, outputFor, requireKnown, stateWith } from './conversation-answers.ts'
import type { ConversationHandler } from './conversation-routes.ts'
import { readEventList, readEvents } from './events-body.ts'
import { sendJson, sendText } from './json-answer.ts'
import { eventVerbosity, flagArgument, timeArgument } from './query.ts'

/** A conversation that nobody has begun shows a started session; it is known from then on, but the session is not kept. */
export const showTracker: ConversationHandler = async (ctx, id, { conversations, engine }) => {
  const verbosity = eventVerbosity(ctx)
  const until = timeArgument(ctx, 'until')
  await asConversationError(async () => {
    const held = await conversations.read(id, tracker =>
      tracker.events.length === 0 ? null : tracker.toWholeState(verbosity, until),
    )
    const state =
      held ??
      (await conversations.tryOut(id, async turn => {
        await turn.run(context => engine.startSession(context, turn.tracker), new CollectingOutput())
        return turn.tracker.toWholeState(verbosity, until)
      }))
    sendJson(ctx, state)
  })
}

export const appendEvents: ConversationHandler = async (ctx, id, parts) => {
  const { conversations, engine } = parts
  const events = readEvents(await readExactJson(ctx.req))
  const stateOf = stateWith(eventVerbosity(ctx))
  const executeSideEffects = flagArgument(ctx, 'execute_side_effects')
  await asConversationError(async () => {
    const state = await conversations.change(id, async turn => {
      const { tracker } = turn
      await turn.run(
        context => engine.appendEvents(context, tracker, events, { executeSideEffects }),
        outputFor(ctx, tracker, parts),
      )
      return stateOf(tracker)
    })
    sendJson(ctx, state)
  })
}

/**
 * Replaces all events in every store; Rasa truly replaces only in memory. The answer shows the conversation as it stands
 * before it was ever saved: after a restart a session is due, of which nothing is left in what is read later.
 */
export const replaceEvents: ConversationHandler = async (ctx, id, { conversations, engine }) => {
  const events = readEventList(await readExactJson(ctx.req))
  const stateOf = stateWith(eventVerbosity(ctx))
  await asConversationError(async () => {
    sendJson(ctx, await conversations.replace(id, events, tracker => stateOf(engine.unsaved(tracker))))
  })
}

export const showStory: ConversationHandler = async (ctx, id, parts) => {
  await requireKnown(id, parts)
  const until = timeArgument(ctx, 'until')
  const allSessions = flagArgument(ctx, 'all_sessions')
  await asConversationError(async () => {
    const options = until === undefined ? { allSessions } : { allSessions, until }
    const story = await parts.conversations.read(id, tracker => parts.engine.writeStory(tracker, options))
    sendText(ctx, story ?? '')
  })
}
