// A recording of a Rasa server: what was said to it, what it answered, and the whole trackers. Also the tape of its action calls.

import { readFileSync } from 'node:fs'
import { type JsonObject, type JsonValue, parseExactJson } from '@tabula/protocol'

/** One thing done to a conversation; exactly one of the keys is there. */
export interface Step {
  readonly say?: string | null
  readonly metadata?: JsonObject
  readonly trigger?: string
  readonly entities?: JsonValue
  readonly events?: readonly JsonObject[]
  readonly execute?: string
  readonly predict?: true
}
export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly body: JsonValue
}
export interface ConversationCase {
  readonly id: string
  readonly steps: readonly Step[]
}
export interface Probe {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonValue
  readonly raw?: string
}
export interface Cases {
  readonly conversations: readonly ConversationCase[]
  readonly parses: readonly string[]
  readonly probes: readonly Probe[]
}
export interface RecordedConversation {
  readonly id: string
  readonly sender: string
  readonly steps: readonly { readonly step: Step; readonly answer: Answer }[]
  readonly tracker: Answer
  readonly story: Answer
}
export interface Recording {
  readonly domain: JsonValue
  readonly conversations: readonly RecordedConversation[]
  readonly parses: readonly { readonly text: string; readonly answer: Answer }[]
  readonly probes: readonly { readonly probe: Probe; readonly answer: Answer }[]
}
export interface TapeCall {
  readonly sender: string
  readonly action: string
  /** Without its domain, and with the names of its tracker's events alone. */
  readonly request: JsonObject
  readonly status: number
  readonly response: JsonValue
}

/** The recording in a `*.golden.json` file. */
export function readRecording(file: string): Recording {
  return JSON.parse(readFileSync(file, 'utf8')) as Recording
}

/** The cases that were played for it, from its `*.cases.json` file. */
export function readCases(file: string): Cases {
  const cases = parseExactJson(readFileSync(file, 'utf8')) as Partial<Cases>
  return { conversations: cases.conversations ?? [], parses: cases.parses ?? [], probes: cases.probes ?? [] }
}

/** The calls on a `*.tape.json` file, in the order they were made. */
export function readTape(file: string): readonly TapeCall[] {
  return (parseExactJson(readFileSync(file, 'utf8')) as { calls: readonly TapeCall[] }).calls
}
