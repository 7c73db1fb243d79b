// Holds a candidate's recording against the reference's, event by event. Masked: clocks, generated ids, and which
// variation of a response was drawn. Where the reference's memory store forgot a conversation's beginning, the rest counts.

import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { Answer, RecordedConversation, Recording, Step } from './recording.ts'

/** A difference on purpose: its kind, where it is (the start of the place's name), and why. */
export interface KnownDifference {
  readonly kind: string
  readonly where: string
  readonly why: string
}
export interface Difference {
  readonly kind: string
  readonly where: string
  readonly reference: unknown
  readonly candidate: unknown
}
export interface Comparison {
  /** By kind: how many are equal, of how many. */
  readonly score: ReadonlyMap<string, { readonly equal: number; readonly total: number }>
  readonly differences: readonly Difference[]
  /** How often each known difference was met. */
  readonly excused: ReadonlyMap<string, number>
}

const GENERATED = new Set(
  'timestamp message_id model_id assistant_id scheduled_at date_time latest_event_time response_id session_started_metadata'.split(
    ' ',
  ),
)

/** Equal counts and differences of the candidate's answers, events, slots, stories, parses and probes. */
export function compare(
  reference: Recording,
  candidate: Recording,
  known: readonly KnownDifference[],
): Comparison {
  const score = new Map<string, { equal: number; total: number }>()
  const differences: Difference[] = []
  const excused = new Map<string, number>()
  const varied = variedResponses(reference.domain)
  const hold = (kind: string, where: string, left: unknown, right: unknown): void => {
    const counted = score.get(kind) ?? { equal: 0, total: 0 }
    score.set(kind, counted)
    counted.total += 1
    const reason = same(left, right) ? null : known.find(k => k.kind === kind && where.startsWith(k.where))
    if (reason === undefined) differences.push({ kind, where, reference: left, candidate: right })
    else counted.equal += 1
    if (reason) excused.set(reason.why, (excused.get(reason.why) ?? 0) + 1)
  }
  const theirs = new Map(candidate.conversations.map(conversation => [conversation.id, conversation]))
  for (const record of reference.conversations) {
    const other = theirs.get(record.id)
    if (other === undefined) hold('conversations: events', record.id, 'recorded', null)
    else compareConversation(record, other, varied, hold)
  }
  const parsed = new Map(candidate.parses.map(parse => [parse.text, parse.answer]))
  for (const { text, answer } of reference.parses)
    hold(
      'parses',
      text,
      [answer.status, rounded(answer.body)],
      [parsed.get(text)?.status, rounded(parsed.get(text)?.body ?? null)],
    )
  reference.probes.forEach(({ probe, answer }, index) => {
    hold('probes', canonical(probe), probeShape(answer), probeShape(candidate.probes[index]?.answer))
  })
  return { score, differences, excused }
}

type Hold = (kind: string, where: string, left: unknown, right: unknown) => void

function compareConversation(
  record: RecordedConversation,
  other: RecordedConversation,
  varied: Varied,
  hold: Hold,
): void {
  record.steps.forEach(({ step, answer }, number) => {
    const theirs = other.steps[number]?.answer
    const where = `${record.id} step ${number} ${canonical(step)}`
    hold(
      'steps: answers',
      where,
      answerShape(step, answer, varied),
      theirs && answerShape(step, theirs, varied),
    )
  })
  const before = eventsOf(record, varied)
  let after = eventsOf(other, varied)
  const said = record.steps.filter(({ step }) => 'say' in step || 'trigger' in step).length
  const kept = before.filter(event => event['event'] === 'user').length
  if (after.length > before.length && kept < said)
    after = before.length > 0 ? after.slice(-before.length) : []
  const position = firstDifference(before, after)
  hold(
    'conversations: events',
    `${record.id} event ${position ?? ''}`,
    position === null ? null : before[position],
    position === null ? null : after[position],
  )
  hold('conversations: slots', record.id, rounded(slotsOf(record)), rounded(slotsOf(other)))
  hold('conversations: story', record.id, storyOf(record), storyOf(other))
}

interface Varied {
  readonly names: ReadonlySet<string>
  readonly texts: ReadonlyMap<JsonValue, string>
}

/** Responses with several variations: Rasa draws one at random, so only the response is compared. */
function variedResponses(domain: JsonValue): Varied {
  const names = new Set<string>()
  const texts = new Map<JsonValue, string>()
  const responses = isObject(domain) && isObject(domain['responses']) ? domain['responses'] : {}
  for (const [name, variations] of Object.entries(responses)) {
    if (!Array.isArray(variations) || variations.length < 2) continue
    names.add(name)
    for (const variation of variations as readonly JsonValue[])
      if (isObject(variation)) texts.set(variation['text'] ?? null, name)
  }
  return { names, texts }
}

function eventsOf(record: RecordedConversation, varied: Varied): JsonObject[] {
  const body = record.tracker.body
  if (!isObject(body) || !Array.isArray(body['events']))
    return [{ event: 'no tracker', status: record.tracker.status }]
  return (body['events'] as readonly JsonObject[]).map(event => eventShape(event, varied))
}

function eventShape(event: JsonObject, varied: Varied): JsonObject {
  const shape: Record<string, JsonValue | undefined> = { ...(rounded(event) as JsonObject) }
  const metadata = isObject(shape['metadata']) ? shape['metadata'] : {}
  if (event['event'] === 'user' && isObject(event['parse_data'])) {
    const parsed = event['parse_data']
    const intent = isObject(parsed['intent']) ? parsed['intent'] : {}
    const entities = Array.isArray(parsed['entities']) ? (parsed['entities'] as readonly JsonObject[]) : []
    delete shape['parse_data']
    shape['intent'] = intent['name'] ?? null
    shape['intent_confidence'] = intent['confidence'] ?? null
    shape['parse_keys'] = Object.keys(parsed).toSorted()
    shape['entities'] = entities.map(entity =>
      Object.fromEntries(
        ['entity', 'value', 'start', 'end', 'role', 'group'].map(key => [key, entity[key] ?? null]),
      ),
    )
  }
  if (event['event'] === 'bot' && varied.names.has(text(metadata['utter_action']))) {
    delete shape['text']
    delete shape['data']
  }
  return { ...shape, metadata }
}

function answerShape(step: Step, answer: Answer, varied: Varied): unknown {
  const { body } = answer
  if ('say' in step && Array.isArray(body))
    return [answer.status, messagesShape(body as readonly JsonValue[], varied)]
  if (!isObject(body)) return [answer.status, body]
  if (body['status'] === 'failure') return [answer.status, body['status'], body['reason'], body['code']]
  const shape = Object.fromEntries(
    Object.entries(body).filter(([key]) => key !== 'tracker' && key !== 'version' && !GENERATED.has(key)),
  )
  if (Array.isArray(shape['messages']))
    shape['messages'] = messagesShape(shape['messages'] as readonly JsonValue[], varied)
  if (Array.isArray(shape['scores'])) shape['scores'] = scoresShape(shape['scores'] as readonly JsonObject[])
  if (!isObject(shape['intent'])) delete shape['events']
  return [answer.status, rounded(shape)]
}

function messagesShape(messages: readonly JsonValue[], varied: Varied): JsonValue[] {
  return messages.map(message => {
    if (!isObject(message)) return message
    const name = message['text'] === undefined ? undefined : varied.texts.get(message['text'])
    if (name !== undefined) return { 'one of': name }
    return rounded(Object.fromEntries(Object.entries(message).filter(([key]) => key !== 'recipient_id')))
  })
}

function scoresShape(scores: readonly JsonObject[]): JsonValue[] {
  return scores
    .map(each => [text(each['action']), Math.round(Number(each['score']) * 1000) / 1000] as const)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

function probeShape(answer: Answer | undefined): unknown {
  if (answer === undefined) return null
  const body = isObject(answer.body)
    ? Object.keys(answer.body).toSorted()
    : Array.isArray(answer.body)
      ? 'list'
      : typeof answer.body
  return [answer.status, (answer.type ?? '').split(';')[0], body]
}

function slotsOf(record: RecordedConversation): JsonValue {
  return isObject(record.tracker.body) ? (record.tracker.body['slots'] ?? null) : record.tracker.body
}

function storyOf(record: RecordedConversation): string {
  return text(record.story.body).replaceAll(record.sender, 'SENDER')
}

/** Numbers to three digits, generated keys left out. */
function rounded(value: JsonValue): JsonValue {
  if (typeof value === 'number') return Math.round(value * 1000) / 1000
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(rounded)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !GENERATED.has(key))
      .map(([key, each]) => [key, rounded(each ?? null)]),
  )
}

function firstDifference(left: readonly unknown[], right: readonly unknown[]): number | null {
  for (let position = 0; position < Math.max(left.length, right.length); position += 1)
    if (!same(left[position], right[position])) return position
  return null
}

function same(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right)
}

/** JSON with sorted keys, spaced as Python spaces it: equal exactly where the values are. Known differences name places so. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const items = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${items.map(([key, item]) => `${JSON.stringify(key)}: ${canonical(item)}`).join(', ')}}`
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
