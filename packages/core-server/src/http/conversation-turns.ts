// Routes that make the bot act in a conversation.

import { randomUUID } from 'node:crypto'
import { stripText } from '@tabula/nlu'
import { parseParseData } from '@tabula/protocol'
import { CollectingOutput } from '../channels/collecting-output.ts'
import { parseMessage } from '../processor/parse-message.ts'
import { readExecuteBody, readMessageBody, readTriggerBody } from './bodies.ts'
import { readExactJson } from './body.ts'
import {
  asConversationError,
  outputFor,
  requireKnown,
  stateWith,
  turnAnswer,
} from './conversation-answers.ts'
import type { ConversationHandler } from './conversation-routes.ts'
import { ApiError } from './errors.ts'
import { sendJson } from './json-answer.ts'
import { byScore, toPrediction } from './prediction.ts'
import { eventVerbosity } from './query.ts'

/** Runs one action by name; the answer's tracker is the state before it, as in Rasa. */
export const execute: ConversationHandler = async (ctx, id, parts) => {
  await requireKnown(id, parts)
  const { name, policy, confidence } = readExecuteBody(await readExactJson(ctx.req))
  const stateOf = stateWith(eventVerbosity(ctx))
  await asConversationError(async () => {
    const answer = await parts.conversations.change(id, async turn => {
      const { tracker, model } = turn
      if (model.domain.actionIndex(name) === undefined) throw unknownAction(name, model.domain.actions)
      const output = outputFor(ctx, tracker, parts)
      await turn.run(context => parts.engine.updateSession(context, tracker), output)
      const before = stateOf(tracker)
      await turn.run(
        context => parts.engine.executeAction(context, tracker, { name, policy, confidence }),
        output,
      )
      return turnAnswer(before, output)
    })
    sendJson(ctx, answer)
  })
}

export const trigger: ConversationHandler = async (ctx, id, parts) => {
  const { name, entities } = readTriggerBody(await readExactJson(ctx.req))
  const stateOf = stateWith(eventVerbosity(ctx))
  if (!parts.models.require().domain.intents.has(name)) throw unknownIntent(name)
  await asConversationError(async () => {
    const answer = await parts.conversations.change(id, async turn => {
      const { tracker } = turn
      const output = outputFor(ctx, tracker, parts)
      await turn.run(context => parts.engine.updateSession(context, tracker), output)
      await turn.run(context => parts.engine.triggerIntent(context, tracker, { name, entities }), output)
      return turnAnswer(stateOf(tracker), output)
    })
    sendJson(ctx, answer)
  })
}

export const predict: ConversationHandler = async (ctx, id, parts) => {
  await requireKnown(id, parts)
  const stateOf = stateWith('AFTER_RESTART')
  await asConversationError(async () => {
    const answer = await parts.conversations.change(id, async turn => {
      const { tracker, model } = turn
      await turn.run(context => parts.engine.updateSession(context, tracker), new CollectingOutput())
      const prediction = parts.engine.predictNext(turn.context(new CollectingOutput()), tracker)
      return prediction === null
        ? null
        : { ...byScore(toPrediction(prediction, model.domain)), tracker: stateOf(tracker) }
    })
    sendJson(ctx, answer)
  })
}

/** Logs a message of the user with its slots, without a turn of the bot. */
export const addMessage: ConversationHandler = async (ctx, id, parts) => {
  const { text, parseData: given } = readMessageBody(await readExactJson(ctx.req))
  const stateOf = stateWith(eventVerbosity(ctx))
  const message = {
    text: stripText(text),
    senderId: id,
    // Rasa names no channel here.
    inputChannel: null,
    messageId: randomUUID().replaceAll('-', ''),
  }
  const parseData = given === null ? null : parseParseData(given)
  await asConversationError(async () => {
    const state = await parts.conversations.changeAfter(
      id,
      model => parseData ?? parseMessage(model, message.text),
      async (turn, parsed) => {
        const { tracker } = turn
        await turn.run(
          context => parts.engine.logMessage(context, tracker, message, parsed),
          new CollectingOutput(),
        )
        return stateOf(tracker)
      },
    )
    sendJson(ctx, state)
  })
}

/** Rasa answers 500; the name is the caller's, so it is a 400 of the same reason. */
function unknownAction(name: string, known: readonly string[]): ApiError {
  return new ApiError({
    status: 400,
    reason: 'ConversationError',
    message: `An unexpected error occurred. Error: the domain has no action '${name}'. It has ${known.join(', ')}.`,
  })
}

function unknownIntent(name: string): ApiError {
  return new ApiError({
    status: 404,
    reason: 'NotFound',
    message: `The intent ${name} does not exist in the domain.`,
  })
}
