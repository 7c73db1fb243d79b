// GET /openapi.json: an OpenAPI 3.1 document made of the route tables, so that what is described is what is served.

import type { Router } from '@koa/router'
import type { Schema } from '@tabula/protocol'
import { isOpenRoute } from './auth.ts'
import { CONVERSATION_ID } from './api-route.ts'
import type { DescribedRoute } from './api-route.ts'
import { RASA_VERSION } from './error-body.ts'
import { sendJson } from './json-answer.ts'
import { ERROR } from './schemas.ts'

const JSON_TYPE = 'application/json'
/** Errors that any route may give. */
const COMMON = [400, 401, 403, 404, 405, 408, 413, 414, 415, 429, 431, 503]

/** Serves the document of these routes; it is made when it is first asked for. */
export function addOpenApi(router: Router, routes: readonly DescribedRoute[]): void {
  let document: string | undefined
  router.get('/openapi.json', ctx => {
    document ??= JSON.stringify(describeApi(routes))
    sendJson(ctx, null)
    ctx.body = document
  })
}

export function describeApi(routes: readonly DescribedRoute[]): Schema {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tabula',
      version: RASA_VERSION,
      description: "Rasa's HTTP API and its webhooks, as this server serves them.",
    },
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: {
        token: { type: 'apiKey', in: 'query', name: 'token' },
        jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  }
}

function operation(route: DescribedRoute): Schema {
  const { path, method, summary, tag, query = {}, body, answers, errors = [] } = route
  const responses: Record<string, unknown> = {}
  for (const [status, { description, content }] of Object.entries(answers)) {
    responses[status] = { description, ...(content === undefined ? {} : { content: schemas(content) }) }
  }
  for (const status of new Set([...COMMON, ...errors])) {
    responses[status] ??= {
      description: "Rasa's error body",
      content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
    }
  }
  const parameters = [
    ...(path.includes(CONVERSATION_ID)
      ? [{ name: 'conversation_id', in: 'path', required: true, schema: { type: 'string', minLength: 1 } }]
      : []),
    ...Object.entries(query).map(([name, { description, schema }]) => ({
      name,
      in: 'query',
      description,
      schema,
    })),
  ]
  return {
    operationId: `${method}${path.replaceAll(/[^a-z]+/gi, '_').replace(/_$/, '')}`,
    summary,
    tags: [tag],
    // Each may stand alone; without one of them configured nobody is asked.
    security: isOpenRoute(path) ? [] : [{ token: [] }, { jwt: [] }, {}],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            description: body.description,
            required: true,
            content: schemas(body.content),
          },
        }),
    responses,
  }
}

function schemas(content: Readonly<Record<string, Schema>>): Schema {
  return Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]))
}
