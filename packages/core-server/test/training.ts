// For tests of long work: a project in one text, a server that trains it, and a receiver of callbacks.

import type { ExecutionContext } from 'ava'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../src/compose.ts'
import type { ServerOptions } from '../src/config/server-options.ts'
import { echoEngine, echoModel } from './echo-engine.ts'
import { caller, recordingLog } from './serve.ts'
import type { Call } from './serve.ts'

export const PROJECT = `
recipe: default.v1
language: en
assistant_id: test
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: RulePolicy
version: "3.1"
intents: [greet, bye]
responses:
  utter_greet:
    - text: hello
nlu:
  - intent: greet
    examples: |
      - hi
      - hello there
  - intent: bye
    examples: |
      - bye
      - see you
rules:
  - rule: greet
    steps:
      - intent: greet
      - action: utter_greet
`

/** A server with an empty folder of models, which stops with the test. */
export async function trainingServer(
  t: ExecutionContext,
  options: ServerOptions = {},
): Promise<{ call: Call; folder: string }> {
  const root = await mkdtemp(join(tmpdir(), 'tabula-train-'))
  const folder = join(root, 'models')
  t.teardown(() => rm(root, { recursive: true, force: true }))
  const server = await compose(
    {
      model: { ...echoModel(), file: join(folder, 'echo.tar.gz') },
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      credentials: { rest: null },
      ...options,
    },
    { engine: echoEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  return { call: caller(server.urls.server), folder }
}

interface Posted {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A receiver of callbacks: its address, and what is posted to it next. */
export async function callbackReceiver(
  t: ExecutionContext,
): Promise<{ host: string; next: () => Promise<Posted> }> {
  const posted: Posted[] = []
  let wake = (): void => undefined
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      posted.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.end()
      wake()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async next() {
      while (posted.length === 0) await new Promise<void>(resolve => (wake = resolve))
      return posted.shift() ?? { headers: {}, body: Buffer.alloc(0) }
    },
  }
}
