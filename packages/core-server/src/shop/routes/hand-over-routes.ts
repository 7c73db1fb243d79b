// A person takes a conversation over from the bot, answers in its place, and gives it back.

import type { TrackerEvent } from '@tabula/protocol'
import type { PublicRoute } from '../public-route.ts'
import { PAUSE_BODY, REPLY_BODY, SUMMARY } from '../schemas.ts'
import { audit, numberOf, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'
import { read } from './conversation-routes.ts'

const NO_DATA = {
  elements: null,
  quick_replies: null,
  buttons: null,
  attachment: null,
  image: null,
  custom: null,
}

export function handOverRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { assistant, history, live, now } = parts
  /** Appends to a conversation that is there, and gives its summary afterwards. */
  const append = async (sender: string, event: TrackerEvent): Promise<unknown> => {
    await read(sender, parts)
    await assistant.append(sender, [event], { send: event.event === 'bot' })
    const { conversation } = await read(sender, parts)
    live.nudge()
    return conversation
  }
  return [
    {
      method: 'post',
      path: '/conversations/{sender}/pause',
      access: 'reviewer',
      tag: 'Hand-over',
      summary: 'Silence the bot in this conversation; messages are still taken and stored.',
      description: 'With `hours` the bot takes over again by itself after as long.',
      body: PAUSE_BODY,
      answer: SUMMARY,
      errors: [503],
      async handle({ path: { sender = '' }, body, caller }) {
        await append(sender, { event: 'pause' })
        const hours = numberOf(body['hours'])
        await history.setResumeTime(sender, hours === undefined ? null : now() + hours * 3600)
        await audit(parts, caller, { action: 'conversation.pause', subject: sender })
        return history.find(sender)
      },
    },
    {
      method: 'post',
      path: '/conversations/{sender}/resume',
      access: 'reviewer',
      tag: 'Hand-over',
      summary: 'Let the bot answer again.',
      answer: SUMMARY,
      errors: [503],
      async handle({ path: { sender = '' }, caller }) {
        await append(sender, { event: 'resume' })
        await history.setResumeTime(sender, null)
        await audit(parts, caller, { action: 'conversation.resume', subject: sender })
        return history.find(sender)
      },
    },
    {
      method: 'post',
      path: '/conversations/{sender}/reply',
      access: 'reviewer',
      tag: 'Hand-over',
      summary: 'Answer in the bot’s place: stored, and sent where the visitor is connected.',
      body: REPLY_BODY,
      answer: SUMMARY,
      errors: [503],
      async handle({ path: { sender = '' }, body, caller }) {
        const by = caller.kind === 'user' ? caller.id : null
        const metadata = { human: true, by }
        const answer = await append(sender, {
          event: 'bot',
          text: textOf(body['text']),
          data: NO_DATA,
          metadata,
        })
        await audit(parts, caller, { action: 'conversation.reply', subject: sender })
        return answer
      },
    },
  ]
}
