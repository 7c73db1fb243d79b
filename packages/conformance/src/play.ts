// Plays cases against a running server and records what it answers, in the shape of the recordings of Rasa.

import type { JsonValue } from '@tabula/protocol'
import type { Answer, Cases, ConversationCase, Recording, RecordedConversation, Step } from './recording.ts'

/** What the server at `url` (no trailing slash) answers to the cases; conversations are played one after the other. */
export async function play(url: string, cases: Cases): Promise<Recording> {
  const domain = await call(url, 'GET', '/domain', { headers: { accept: 'application/json' } })
  const conversations: RecordedConversation[] = []
  for (const conversation of cases.conversations)
    conversations.push(await playConversation(url, conversation))
  const parses: { text: string; answer: Answer }[] = []
  for (const text of cases.parses)
    parses.push({ text, answer: await call(url, 'POST', '/model/parse', { body: { text } }) })
  const probes: Recording['probes'][number][] = []
  for (const probe of cases.probes)
    probes.push({ probe, answer: await call(url, probe.method, probe.path, probe) })
  return { domain: domain.body, conversations, parses, probes }
}

async function playConversation(url: string, conversation: ConversationCase): Promise<RecordedConversation> {
  const sender = conversation.id
  const path = (tail: string) => `/conversations/${encodeURIComponent(sender)}${tail}`
  const steps: { step: Step; answer: Answer }[] = []
  for (const step of conversation.steps) steps.push({ step, answer: await playStep(url, path, sender, step) })
  const tracker = await call(url, 'GET', path('/tracker?include_events=ALL'))
  const story = await call(url, 'GET', path('/story'))
  return { id: conversation.id, sender, steps, tracker, story }
}

function playStep(url: string, path: (tail: string) => string, sender: string, step: Step): Promise<Answer> {
  if (step.trigger !== undefined)
    return call(url, 'POST', path('/trigger_intent?output_channel=latest'), {
      body: { name: step.trigger, entities: step.entities ?? {} },
    })
  if (step.events !== undefined)
    return call(url, 'POST', path('/tracker/events?include_events=NONE'), { body: step.events })
  if (step.execute !== undefined)
    return call(url, 'POST', path('/execute?include_events=NONE'), { body: { name: step.execute } })
  if (step.predict !== undefined) return call(url, 'POST', path('/predict?include_events=NONE'), {})
  const metadata = step.metadata === undefined ? {} : { metadata: step.metadata }
  return call(url, 'POST', '/webhooks/rest/webhook', {
    body: { sender, message: step.say ?? null, ...metadata },
  })
}

async function call(
  url: string,
  method: string,
  path: string,
  given: { headers?: Readonly<Record<string, string>>; body?: JsonValue; raw?: string } = {},
): Promise<Answer> {
  const body = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...lowerCased(given.headers),
  }
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
  const text = await answer.text()
  return { status: answer.status, type: answer.headers.get('content-type'), body: asJson(text) }
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function asJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}
