// A client as it is generated from Rasa's own description of its API: each operation called with the description's own
// examples and content types, and answered as it says.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { parse } from 'yaml'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import { playBot } from './hold-bot.ts'
import { API_BOT, ownBot } from './own-bots.ts'
import type { Probe } from './recording.ts'
import { SHARED } from './shared-folder.ts'

const DESCRIPTION = join(SHARED, 'openapi', 'rasa.yml')
const STORIES = 'stories:\n- story: hello\n  steps:\n  - intent: greet\n  - action: utter_greet\n'

/** What the description's examples lack, or say of another server. */
const GIVEN: Readonly<Record<string, { readonly body?: JsonValue; readonly raw?: string }>> = {
  addConversationTrackerEvents: { body: [{ event: 'slot', name: 'drink', value: 'tea' }] },
  replaceConversationTrackerEvents: { body: [{ event: 'action', name: 'action_listen' }] },
  predictModelAction: { body: [{ event: 'action', name: 'action_listen' }] },
  addConversationMessage: { body: { text: 'Hello!', sender: 'user' } },
  // The description's stories have no `stories:` above them, which Rasa itself refuses.
  testModelStories: { raw: STORIES },
  // Its lines are folded into one there.
  testModelIntent: { raw: 'nlu:\n- intent: greet\n  examples: |\n    - hey\n' },
  // The example is a file of another machine: the refusal is the description's 400.
  replaceModel: { body: { model_file: '/absolute-path-to-models-directory/models/20190512.tar.gz' } },
}
const REFUSED = new Map([['replaceModel', 400]])

interface Operation {
  readonly id: string
  readonly probe: Probe
  readonly statuses: readonly number[]
}

const run = existsSync(DESCRIPTION) ? test : test.skip
run('each operation of Rasa’s description is answered as it says, with its own examples', async t => {
  const operations = operationsOf(parse(readFileSync(DESCRIPTION, 'utf8')) as JsonObject)
  t.true(operations.length > 15)
  // What unloads the model comes last.
  const ordered = operations.toSorted(
    (a, b) => Number(a.id === 'unloadModel') - Number(b.id === 'unloadModel'),
  )
  const hello = {
    method: 'POST',
    path: '/webhooks/rest/webhook',
    body: { sender: 'default', message: '/greet' },
  }
  const cases = { conversations: [], parses: [], probes: [hello, ...ordered.map(({ probe }) => probe)] }
  const { probes } = await playBot(ownBot(API_BOT), cases, 'http://127.0.0.1:9/')
  for (const [index, { id, statuses }] of ordered.entries()) {
    const answer = probes[index + 1]?.answer
    const label = `${id}: ${JSON.stringify(answer).slice(0, 300)}`
    t.true(answer !== undefined && (statuses.length === 0 || statuses.includes(answer.status)), label)
    const refused = REFUSED.get(id)
    if (refused === undefined) t.true(answer?.status === 200 || answer?.status === 204, label)
    else t.is(answer?.status, refused, label)
  }
})

function operationsOf(document: JsonObject): readonly Operation[] {
  const found = (value: JsonValue | undefined): JsonObject => resolve(document, value)
  return Object.entries(found(document['paths'])).flatMap(([path, methods]) =>
    Object.entries(found(methods)).map(([method, described]) => {
      const operation = found(described)
      const id = textOf(operation['operationId'])
      const parameters = ((operation['parameters'] ?? []) as readonly JsonValue[]).map(found)
      const query = parameters.flatMap(parameter => {
        const { in: place, name, example } = parameter
        const isGiven =
          place === 'query' && example !== undefined && !['callback_url', 'model'].includes(textOf(name))
        return isGiven ? [`${textOf(name)}=${encodeURIComponent(textOf(example))}`] : []
      })
      const target = path.replace('{conversation_id}', 'default')
      return {
        id,
        statuses: Object.keys(found(operation['responses'])).map(Number),
        probe: {
          method: method.toUpperCase(),
          path: query.length === 0 ? target : `${target}?${query.join('&')}`,
          ...requestOf(id, operation, found),
        },
      }
    }),
  )
}

/** Body and headers in the first content type that the description names. */
function requestOf(
  id: string,
  operation: JsonObject,
  found: (value: JsonValue | undefined) => JsonObject,
): Pick<Probe, 'headers' | 'body' | 'raw'> {
  const accept = { Accept: 'application/json' }
  if (operation['requestBody'] === undefined) return { headers: accept }
  const [type = '', media] = Object.entries(found(found(operation['requestBody'])['content']))[0] ?? []
  const headers = { ...accept, 'Content-Type': type }
  const example = GIVEN[id]?.raw ?? GIVEN[id]?.body ?? exampleOf(found(media), found)
  return typeof example === 'string' ? { headers, raw: example } : { headers, body: example }
}

function exampleOf(described: JsonObject, found: (value: JsonValue | undefined) => JsonObject): JsonValue {
  if (described['example'] !== undefined) return described['example']
  if (described['schema'] !== undefined) return exampleOf(found(described['schema']), found)
  const properties = Object.entries(found(described['properties'] ?? {}))
  return Object.fromEntries(
    properties.flatMap(([name, property]) => {
      const { example } = found(property)
      return example === undefined ? [] : [[name, example] as const]
    }),
  )
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

/** The object, or the one that its `$ref` names. */
function resolve(document: JsonObject, value: JsonValue | undefined): JsonObject {
  const object = (value ?? {}) as JsonObject
  const reference = object['$ref']
  if (typeof reference !== 'string') return object
  let target: JsonValue = document
  for (const key of reference.split('/').slice(1)) target = (target as JsonObject)[key] ?? {}
  return resolve(document, target)
}
