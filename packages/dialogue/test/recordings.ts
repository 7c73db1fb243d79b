// The recordings of Rasa's conversations that lie beside the project, and the tapes of their action calls.

import { existsSync, readFileSync } from 'node:fs'
import type { DomainJson, JsonObject, JsonValue, LoggedEvent, TrackerState } from '@tabula/protocol'

const GOLDEN = new URL('../../../../shared/conformance/golden/', import.meta.url)

export const BOTS = ['moodbot', 'rules', 'formbot', 'concertbot', 'reminderbot', 'financial-demo'] as const

/** One thing done to a conversation; exactly one of say, trigger, events, execute and predict is there. */
export interface RecordedStep {
  readonly say?: string | null
  readonly metadata?: JsonObject
  readonly trigger?: string
  readonly entities?: JsonValue
  readonly events?: readonly LoggedEvent[]
  readonly execute?: string
  readonly predict?: true
}
export interface RecordedConversation {
  readonly id: string
  readonly sender: string
  readonly steps: readonly {
    readonly step: RecordedStep
    readonly answer: { readonly status: number; readonly body: JsonValue }
  }[]
  readonly tracker: { readonly body: TrackerState & { readonly events: readonly LoggedEvent[] } }
}
export interface Recording {
  readonly domain: DomainJson
  readonly conversations: readonly RecordedConversation[]
}
export interface TapeCall {
  readonly sender: string
  readonly action: string
  /** The tracker of the request, its events as a list of their kinds. */
  readonly request: { readonly tracker: JsonObject }
  readonly status: number
  readonly response: JsonValue
}

/** Whether there is a recording of the bot on this machine. */
export function hasRecording(bot: string): boolean {
  return existsSync(new URL(`${bot}.golden.json`, GOLDEN))
}

export function readRecording(bot: string): Recording {
  return JSON.parse(readFileSync(new URL(`${bot}.golden.json`, GOLDEN), 'utf8')) as Recording
}

/** The calls to the bot's action server in the order they were made; none where it has no actions. */
export function readTape(bot: string): readonly TapeCall[] {
  const file = new URL(`${bot}.tape.json`, GOLDEN)
  if (!existsSync(file)) return []
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly calls: readonly TapeCall[] }).calls
}

/** Whether Rasa kept all of it: its memory store forgets what came before a restart or a new session. */
export function isWhole({ steps, tracker }: RecordedConversation): boolean {
  const said = steps.filter(({ step }) => typeof step.say === 'string' || step.trigger !== undefined).length
  return tracker.body.events.filter(event => event.event === 'user').length >= said
}
