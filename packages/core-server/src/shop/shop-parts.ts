// What the routes of the public side work with; compose-shop.ts puts it together.

import type { Context } from 'koa'
import type { Assistant } from '../assistant/assistant.ts'
import type { VisitorFiles } from '../files/visitor-files.ts'
import type { History } from '../history/history.ts'
import type { NewAuditEntry } from '../history/history-types.ts'
import type { Log } from '../telemetry/log.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'
import type { Login } from '../users/login.ts'
import type { SessionTokens } from '../users/session-token.ts'
import type { UserStore } from '../users/user-store.ts'
import type { LiveFeed } from './live-feed.ts'
import type { Caller, PublicCall } from './public-route.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Veil } from './veil.ts'

export interface ShopParts {
  readonly assistant: Assistant
  readonly history: History
  /** Whole conversations, as the bot keeps them. */
  readonly store: TrackerStore
  readonly users: UserStore
  readonly login: Login
  readonly tokens: SessionTokens
  /** Signs the ids of people whom the pages around the widget know; empty for none. */
  readonly visitorKey: string
  readonly rates: RateLimits
  readonly live: LiveFeed
  /** What a caller may see of an answer that a route sends by itself. */
  readonly veil: Veil
  readonly files: VisitorFiles
  /** The address that a request came from, as far as proxies are trusted. */
  readonly addressOf: (ctx: Context) => string
  /** Drops what is kept of a user, so that a change counts at once. */
  readonly forgetUser: (id: string) => void
  /** Seconds since 1970. */
  readonly now: () => number
  readonly log: Log
}

/** Writes down who did what; `details` must not hold what people wrote. */
export async function audit(
  { history }: ShopParts,
  caller: Caller,
  entry: Pick<NewAuditEntry, 'action' | 'subject' | 'details'>,
): Promise<void> {
  const isUser = caller.kind === 'user'
  await history.audit({ user_id: isUser ? caller.id : null, email: isUser ? caller.email : null, ...entry })
}

/** A text of the query, the body or the path that its schema has checked; empty where it is not given. */
export function textOf(value: PublicCall['body'][string] | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf(value: PublicCall['body'][string] | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
