// Puts the public side together, over the bot and the conversations that it is given.

import type { RequestListener } from 'node:http'
import type { Knex } from 'knex'
import type { Assistant } from './assistant/assistant.ts'
import type { EventFeed } from './brokers/event-feed.ts'
import { LIMITS } from './config/limits.ts'
import type { ShopSettings } from './config/shop-settings.ts'
import { isPostgres } from './database/migration.ts'
import { migrateUp } from './database/migrate.ts'
import { openDatabase } from './database/open-database.ts'
import { VisitorFiles } from './files/visitor-files.ts'
import { startHistoryFeed } from './history/history-feed.ts'
import { SqlHistory } from './history/sql-history.ts'
import { Caretaker } from './shop/caretaker.ts'
import { clientAddress } from './shop/client-address.ts'
import { createIdentify, KnownUsers } from './shop/identify.ts'
import { LiveFeed } from './shop/live-feed.ts'
import { RateLimits } from './shop/rate-limits.ts'
import { createShopApp } from './shop/shop-app.ts'
import type { ShopParts } from './shop/shop-parts.ts'
import { behindVeil, createVeil } from './shop/veil.ts'
import { shopRoutes } from './shop/shop-routes.ts'
import { readStaticFiles } from './shop/static-files.ts'
import type { Log } from './telemetry/log.ts'
import { readPrivacy } from './privacy/read-privacy.ts'
import type { TrackerStore } from './tracker-store/tracker-store.ts'
import { createDatabase } from './users/first-admin.ts'
import { LoginAttempts } from './users/login-attempts.ts'
import { Login } from './users/login.ts'
import { PasswordHasher } from './users/password.ts'
import { SessionTokens } from './users/session-token.ts'
import { SqlUserStore } from './users/sql-user-store.ts'

export interface ShopComposition {
  readonly settings: ShopSettings
  /** Folder of the built pages. */
  readonly staticDir?: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly assistant: Assistant
  readonly store: TrackerStore
  readonly log: Log
  /** `privacy` of endpoints.yml. */
  readonly privacy?: unknown
}

export interface ComposedShop {
  readonly handler: RequestListener
  /** Says that it is not ready any more. */
  beginStop(): void
  /** Ends streams, so that the port can be closed. */
  beginClose(): void
  close(): Promise<void>
}

const now = (): number => Date.now() / 1000
/** Milliseconds before a database that was away is tried again. */
const DATABASE_RETRY = 3_000

export async function composeShop(composition: ShopComposition): Promise<ComposedShop> {
  const { settings, staticDir, assistant, store, log } = composition
  warnOfDemo(settings, log)
  const knex = await openDatabase(settings.databaseUrl)
  const preparing = new AbortController()
  const prepared = prepareDatabase(knex, composition, preparing.signal)
  if (!isPostgres(knex)) await prepared
  const { lowConfidence, historyDays } = settings
  const history = new SqlHistory(knex, { lowConfidence }, now)
  const users = new SqlUserStore(knex, now)
  const known = new KnownUsers(users)
  const tokens = new SessionTokens(settings, now)
  const veil = createVeil(readPrivacy(composition.privacy))
  const live = new LiveFeed({
    history,
    store,
    log,
    veil,
    interval: LIMITS.liveInterval,
    mostStreams: LIMITS.liveStreams,
    now,
  })
  const files = new VisitorFiles(knex, now)
  const parts: ShopParts = {
    assistant,
    history,
    store,
    users,
    login: createLogin(knex, settings, users, tokens),
    tokens,
    visitorKey: settings.visitorKey,
    rates: new RateLimits(settings, () => performance.now() / 1000),
    live,
    veil,
    files,
    addressOf: ctx => clientAddress(ctx, settings.trustedProxies),
    forgetUser: id => {
      known.forget(id)
    },
    now,
    log,
  }
  let isStopping = false
  const app = createShopApp({
    log,
    origins: settings.origins,
    files: staticDir === undefined ? new Map<string, never>() : await readStaticFiles(staticDir),
    routes: behindVeil(shopRoutes(parts), veil),
    identify: createIdentify(tokens, known),
    findUnready: async () => {
      if (isStopping) return ['the server is stopping']
      return (await assistant.isReady()) ? [] : ['the assistant is not ready']
    },
  })
  const caretaker = new Caretaker({ assistant, history, store, files, historyDays, now, log })
  let feed: EventFeed | null = null
  const feeding = startFeed(history, store, log, preparing.signal).then(started => {
    feed = started
  })
  const handler = app.callback()
  return {
    handler: (request, response) => void handler(request, response),
    beginStop() {
      isStopping = true
    },
    beginClose() {
      preparing.abort()
      live.close()
    },
    async close() {
      preparing.abort()
      live.close()
      await feeding
      await feed?.close()
      await caretaker.close()
      await prepared
      await assistant.close()
      await knex.destroy()
    },
  }
}

function createLogin(
  knex: Knex,
  { loginsPerAccount, loginsPerAddress, hashCost }: ShopSettings,
  users: SqlUserStore,
  tokens: SessionTokens,
): Login {
  const { loginAccountWindow, loginAddressWindow } = LIMITS
  const limits = { loginsPerAccount, loginAccountWindow, loginsPerAddress, loginAddressWindow }
  return new Login({
    users,
    attempts: new LoginAttempts(knex, limits, now),
    hasher: new PasswordHasher(LIMITS, hashCost),
    tokens,
  })
}

function warnOfDemo({ isDemo }: ShopSettings, log: Log): void {
  if (!isDemo) return
  log.warn(
    { code: 'shop.demo' },
    'DEMO=1: the admin admin@test.com has a known password, and a short SECRET_KEY is let through. Not for real visitors.',
  )
}

/**
 * An embedded database is brought up to date; in the demo every database is, and gets its admin. Another one is left as it
 * is until `bot db create`. One that is away is asked again.
 */
async function prepareDatabase(
  knex: Knex,
  { settings: { isDemo, hashCost }, environment, log }: ShopComposition,
  signal: AbortSignal,
): Promise<void> {
  const isEmbedded = !isPostgres(knex)
  if (!isEmbedded && !isDemo) return
  while (!signal.aborted) {
    try {
      if (isDemo) await createDatabase(knex, environment, { isDemo, hashCost })
      else await migrateUp(knex)
      return
    } catch (err) {
      if (isEmbedded) throw err
      log.warn({ code: 'database.away', err }, 'The database is away; it is tried again.')
      await pause(DATABASE_RETRY, signal)
    }
  }
}

/** The event log may be away at start, as everything may. */
async function startFeed(
  history: SqlHistory,
  store: TrackerStore,
  log: Log,
  signal: AbortSignal,
): Promise<EventFeed | null> {
  while (!signal.aborted) {
    try {
      return await startHistoryFeed(history, store, log)
    } catch (err) {
      log.warn({ code: 'history.no-log', err }, 'The event log cannot be read; it is tried again.')
      await pause(DATABASE_RETRY, signal)
    }
  }
  return null
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
