// A route of the API: what it is called with, what it answers, and who handles it. The description is the same that
// /openapi.json gives, and its body schema is the one that checks the request.

import type { Router } from '@koa/router'
import type { Context } from 'koa'
import type { Schema } from '@tabula/protocol'
import { SHARED_SENDER } from '../channels/user-message.ts'

export interface QueryParameter {
  readonly description: string
  readonly schema: Schema
}

export interface RouteAnswer {
  readonly description: string
  /** By content type; absent for an answer without a body. */
  readonly content?: Readonly<Record<string, Schema>>
}

export interface RouteBody {
  readonly description: string
  /** By content type. */
  readonly content: Readonly<Record<string, Schema>>
}

export interface ApiRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** In OpenAPI's notation; `{conversation_id}` may hold slashes and is not percent-decoded, as in Rasa. */
  readonly path: string
  readonly tag: 'Server' | 'Model' | 'Tracker' | 'Channel'
  readonly summary: string
  readonly query?: Readonly<Record<string, QueryParameter>>
  readonly body?: RouteBody
  /** Answers by status beside the errors, all of which have Rasa's error body. */
  readonly answers: Readonly<Record<number, RouteAnswer>>
  /** Statuses of errors that the route gives by itself, beside 401, 403, 413 and their like. */
  readonly errors?: readonly number[]
  /** `id` is the conversation's, empty where the path has none. */
  readonly handle: (ctx: Context, id: string) => Promise<void> | void
}

/** What /openapi.json tells of a route. */
export type DescribedRoute = Omit<ApiRoute, 'handle'>

export const CONVERSATION_ID = '{conversation_id}'

/** The conversation that a path names; one that names none is the shared one, as in Rasa. */
export function conversationIn(captures: readonly string[] | undefined): string {
  const named = captures?.[0] ?? ''
  return named === '' ? SHARED_SENDER : named
}

/** Adds the routes; those of a conversation take whatever stands between its slashes, as Rasa's also nothing. */
export function addApiRoutes(router: Router, routes: readonly ApiRoute[]): void {
  for (const { method, path, handle } of routes) {
    const [before, after] = path.split(CONVERSATION_ID)
    if (after === undefined) router[method](path, async ctx => handle(ctx, ''))
    else {
      const pattern = new RegExp(`^${before ?? ''}(.*)${after}/?$`)
      router[method](pattern, async ctx => handle(ctx, conversationIn(ctx.captures)))
    }
  }
}
