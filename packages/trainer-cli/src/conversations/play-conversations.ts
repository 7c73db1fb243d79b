// Plays stories as conversations: messages are sent to the bot, its actions run, and what it does is held against the story.

import { isDeepStrictEqual } from 'node:util'
import type { DataFiles } from '@tabula/model'
import type { SourcePosition, TrackerEvent } from '@tabula/protocol'
import type { ConversationClient } from '../chat/conversation-client.ts'

type Story = DataFiles['stories'][number]
type Step = Story['steps'][number]
type UserStep = Extract<Step, { kind: 'user' }>

export interface Mismatch {
  readonly position: SourcePosition
  readonly said: string
  /** What was compared: `actions`, `intent`, or a slot. */
  readonly what: string
  readonly expected: string
  readonly found: string
}

export interface PlayedConversation {
  readonly name: string
  readonly position: SourcePosition
  readonly mismatches: readonly Mismatch[]
}

/** Stories that can be played: those without checkpoints and alternatives. */
export function isPlayable({ kind, steps }: Story): boolean {
  return kind === 'story' && steps.every(step => step.kind !== 'checkpoint' && step.kind !== 'or')
}

export async function playConversation(
  story: Story,
  client: ConversationClient,
): Promise<PlayedConversation> {
  const mismatches: Mismatch[] = []
  let seen = 0
  for (const { user, rest } of turnsOf(story.steps)) {
    const said = messageOf(user)
    await client.say(said)
    const { events, slots } = await client.tracker('ALL')
    const fresh = (events ?? []).slice(seen)
    seen = events?.length ?? 0
    const tell = (what: string, expected: string, found: string, { position }: Step = user): void => {
      if (expected !== found) mismatches.push({ position, said, what, expected, found })
    }
    if (user.intent !== undefined && user.text !== undefined) tell('intent', user.intent, intentOf(fresh))
    tell('actions', namesOf(rest).join(', '), actionsOf(fresh).join(', '))
    for (const step of rest)
      if (
        step.kind === 'slot' &&
        step.value !== undefined &&
        !isDeepStrictEqual(slots[step.name] ?? null, step.value)
      )
        tell(`slot ${step.name}`, JSON.stringify(step.value), JSON.stringify(slots[step.name] ?? null), step)
  }
  return { name: story.name, position: story.position, mismatches }
}

interface Turn {
  readonly user: UserStep
  readonly rest: Step[]
}

/** Each message with what the story says after it; what stands before the first is the beginning that the bot makes itself. */
function turnsOf(steps: readonly Step[]): Turn[] {
  const turns: Turn[] = []
  for (const step of steps) {
    if (step.kind === 'user') turns.push({ user: step, rest: [] })
    else turns.at(-1)?.rest.push(step)
  }
  return turns
}

function messageOf({ text, intent = '', entities }: UserStep): string {
  if (text !== undefined) return text
  if (entities.length === 0) return `/${intent}`
  return `/${intent}${JSON.stringify(Object.fromEntries(entities.map(({ entity, value = '' }) => [entity, value])))}`
}

function namesOf(steps: readonly Step[]): string[] {
  return steps
    .flatMap(step => (step.kind === 'action' ? [step.name] : step.kind === 'bot' ? [step.text] : []))
    .filter(isTold)
}

function actionsOf(events: readonly TrackerEvent[]): string[] {
  return events
    .flatMap(event => (event.event === 'action' ? [event.name ?? event.action_text ?? ''] : []))
    .filter(isTold)
}

function isTold(name: string): boolean {
  return !['action_listen', 'action_session_start', 'action_unlikely_intent'].includes(name)
}

function intentOf(events: readonly TrackerEvent[]): string {
  const user = events.findLast(event => event.event === 'user')
  if (user?.event !== 'user') return ''
  const { intent } = user.parse_data
  return intent.full_retrieval_intent_name ?? intent.name ?? ''
}
