// Requests of every kind, well-formed and not, held against what real Rasa answered to them: the same status, the same body,
// the same reason. Where Rasa answers 5xx to bad input a 4xx with its reason is right; its framework's own errors have Rasa's
// body here (docs/differences.md).

import test from 'ava'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import { playBot } from './hold-bot.ts'
import { API_BOT, ownBot } from './own-bots.ts'
import { type Answer, type Probe, readCases, readRecording } from './recording.ts'

const LOST = 'Rasa answers with nothing and stores nothing'
const NOT_PARSED = 'an event without parse_data is taken, with an empty intent'
const UNFIT = 'what does not fit is refused before it is stored'

/** Requests that are answered differently on purpose, by how their name begins. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'GET /domain  {"Accept":"*/*"}': 'what curl sends gets JSON',
  'GET /domain  {"Accept":"application/json, text/plain, */*"}': 'what axios sends gets JSON',
  'POST /webhooks/rest/webhook {"sender":[]': 'a list is nobody',
  'POST /webhooks/rest/webhook {"sender":{}': 'an object is nobody',
  'POST /webhooks/rest/webhook {"sender":"w3","message":"/greet","metadata":"text"}': LOST,
  'POST /webhooks/rest/webhook {"sender":"w3","message":"/greet","metadata":[1]}': LOST,
  'POST /conversations/e1-17/tracker/events {"event":"user","text":"hi"}': NOT_PARSED,
  'POST /conversations/e1-18/tracker/events {"event":"user"}': NOT_PARSED,
  'POST /conversations/e1-25/tracker/events {"event":"user","text":"hi","timestamp":5}': NOT_PARSED,
  'PUT /conversations/u1-84/tracker/events [{"event":"user","text":"/greet"}]': NOT_PARSED,
  'POST /conversations/e1-35/tracker/events {"event":"bot","text":"x","data":7}': UNFIT,
  'POST /conversations/e1-44/tracker/events {"event":"followup"}': UNFIT,
  'POST /conversations/e1-67/tracker/events {"event":"action_execution_rejected"}': UNFIT,
  'POST /conversations/w3/execute {"name":"utter_greet","policy":7}': UNFIT,
  'POST /conversations/g1-91/trigger_intent {"name":"greet","entities":"x"}': UNFIT,
  'POST /conversations/g1-92/trigger_intent {"name":"greet","entities":7}': UNFIT,
  'POST /conversations/g1-97/trigger_intent {"name":7}': UNFIT,
  'POST /conversations/g1-98/trigger_intent {"name":["greet"]}': UNFIT,
  'POST /conversations/m1-114/messages {"text":"hello","sender":"user","parse_data":[]}': UNFIT,
  'POST /model/predict []': 'a tracker without events waits for action_listen on every route',
}

test('who calls the API as with Rasa gets Rasa’s answers, also to what is wrong', async t => {
  const bot = ownBot(API_BOT)
  const cases = readCases(bot.golden.replace('.golden.', '.cases.'))
  const recorded = readRecording(bot.golden).probes
  t.is(recorded.length, cases.probes.length)
  const { probes } = await playBot(bot, cases, 'http://127.0.0.1:9/')
  const met = new Set<string>()
  for (const [index, { probe, answer }] of recorded.entries()) {
    const name = nameOf(probe)
    const known = Object.keys(OTHERWISE).find(start => name.startsWith(start))
    const ours = probes[index]?.answer
    const fits = ours !== undefined && isRight(answer, ours)
    if (known !== undefined && !fits) met.add(known)
    t.true(fits || known !== undefined, `${name}\n${show(answer)}\n${show(ours)}`)
    t.true((ours?.status ?? 0) >= 200 && (ours?.status ?? 500) < 500, name)
  }
  t.deepEqual(
    Object.keys(OTHERWISE).filter(start => !met.has(start)),
    [],
    'differences that are none any more',
  )
})

function isRight(rasas: Answer, ours: Answer): boolean {
  const isRasaError = isRecord(rasas.body) && rasas.body['status'] === 'failure'
  if (rasas.status < 400) return rasas.status === ours.status && same(rasas.body, ours.body)
  if (!isRecord(ours.body) || ours.body['status'] !== 'failure' || ours.body['code'] !== ours.status)
    return false
  if (isRasaError && rasas.status < 500) {
    const { reason } = rasas.body
    return rasas.status === ours.status && reason === ours.body['reason']
  }
  return rasas.status === ours.status || (rasas.status >= 500 && ours.status < 500)
}

function nameOf({ method, path, body, raw, headers }: Probe): string {
  const sent = raw === undefined ? (body === undefined ? '' : JSON.stringify(body)) : `raw ${raw}`
  return [method, path, sent, headers === undefined ? '' : JSON.stringify(headers)].join(' ').trim()
}

const MASKED = new Set([
  'model_file',
  'timestamp',
  'message_id',
  'model_id',
  'assistant_id',
  'latest_event_time',
  'responseId',
])

function same(left: JsonValue, right: JsonValue): boolean {
  return JSON.stringify(masked(left)) === JSON.stringify(masked(right))
}

/** Keys in order, without what is generated; of events their names, of YAML nothing but that it is there. */
function masked(value: JsonValue): JsonValue {
  if (typeof value === 'number') return Math.round(value * 1000) / 1000
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(masked)
  if (!isRecord(value)) return typeof value === 'string' && value.includes('\n') ? 'text' : value
  const entries = Object.entries(value).filter(([key]) => !MASKED.has(key))
  return Object.fromEntries(
    entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [
        key,
        key === 'events' && Array.isArray(each) ? eventNames(each) : masked(each ?? null),
      ]),
  )
}

function eventNames(events: readonly unknown[]): JsonValue {
  return events.map(event => (isRecord(event) ? (event['event'] ?? null) : String(event)))
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(answer: Answer | undefined): string {
  return JSON.stringify(answer).slice(0, 600)
}
