import test from 'ava'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { caller, recordingLog } from '../../test/serve.ts'
import { compose } from '../compose.ts'

interface Operation {
  readonly security: readonly object[]
  readonly requestBody?: { readonly content: Record<string, { schema: object }> }
  readonly responses: Record<string, unknown>
}

test('a client that is generated from /openapi.json finds every route of Rasa’s own description', async t => {
  const server = await compose(
    {
      model: echoModel(),
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      authToken: 'x',
      credentials: { rest: null },
    },
    { engine: echoEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  const call = caller(server.urls.server)
  const { body, status } = await call('GET', '/openapi.json')
  t.is(status, 200)
  const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, Operation>> }
  t.is(openapi, '3.1.0')
  const found = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  )
  const at = '/conversations/{conversation_id}'
  for (const route of [
    ...['GET /version', 'GET /status', 'GET /domain', 'PUT /model', 'DELETE /model'],
    ...['POST /model/train', 'POST /model/parse', 'POST /model/predict'],
    ...['POST /model/test/stories', 'POST /model/test/intents', 'POST /webhooks/rest/webhook'],
    ...[`GET ${at}/tracker`, `POST ${at}/tracker/events`, `PUT ${at}/tracker/events`, `GET ${at}/story`],
    ...[`POST ${at}/execute`, `POST ${at}/trigger_intent`, `POST ${at}/predict`, `POST ${at}/messages`],
  ]) {
    t.true(found.includes(route), route)
  }
  t.deepEqual(paths['/version']?.['get']?.security, [])
  t.is(paths['/status']?.['get']?.security.length, 3)
  // Each route answers, and asks for the token where it says so.
  for (const route of found) {
    const [method = '', path = ''] = route.split(' ')
    const answer = await call(method, path.replace('{conversation_id}', 'ann'))
    t.is(answer.status, path === '/version' || path.startsWith('/webhooks') ? answer.status : 401, route)
    t.not(answer.status, 404, route)
    t.not(answer.status, 405, route)
  }
})
