// Starts what a role is made of: the public side, Rasa's API with the channels, the action server, or all of them.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { actionRunner, loadActions, startActionServer } from '@tabula/action-sdk'
import { numberSetting, readShopSettings, type Role, type ServerOptions, start } from '@tabula/core-server'
import { latestModel, readSettings } from '@tabula/model'
import { type Console, tell } from '../console.ts'
import { levelOf, type LoggingFlags } from '../flags.ts'
import { withDemoKey } from './demo-key.ts'
import type { Environment } from './environment.ts'
import { lendSdk } from './lend-sdk.ts'
import { settingsOver } from './settings-over.ts'
import { upToDateModel } from './up-to-date-model.ts'

export interface RoleStart {
  readonly folder: string
  readonly role: Role
  readonly environment: Environment
  readonly flags: LoggingFlags
  readonly console: Console
  /** The model to serve, or a folder of models; without one the project is trained where its model is not of its files. */
  readonly model?: string
  /** Looks before each call of an action whether its file has changed. */
  readonly reloadsActions?: boolean
}

/** Where each part answers. */
export interface Addresses {
  readonly shop?: string
  readonly server?: string
  readonly actions?: string
}

/** What was started; `notice` is how long the balancers before it get, in milliseconds. */
export interface Stoppable {
  stop(notice?: number): Promise<void>
}

/** Adds what it starts to `running`, the last first, also where a later part fails. */
export async function startRoles(options: RoleStart, running: Stoppable[]): Promise<Addresses> {
  const { role } = options
  const actions = role === 'all' || role === 'actions' ? await startActions(options, running) : null
  if (role === 'actions') return { actions: actions?.url ?? '' }
  const server = await start(await serverOptions(options, actions))
  running.unshift(server)
  const { server: url, shop } = server.urls
  return {
    ...(shop === undefined ? {} : { shop }),
    ...(role === 'api' ? {} : { server: url }),
    ...(actions === null ? {} : { actions: actions.url }),
  }
}

interface StartedActions {
  readonly url: string
  /** None where they are loaded again when they change: then they are called at the url. */
  readonly handlers: Awaited<ReturnType<typeof loadActions>>
  readonly count: number
}

async function startActions(
  { folder, environment, reloadsActions }: RoleStart,
  running: Stoppable[],
): Promise<StartedActions> {
  const path = join(folder, 'actions')
  lendSdk()
  const isReloading = reloadsActions === true && existsSync(path)
  const handlers = existsSync(path) && !isReloading ? await loadActions(path) : []
  const server = await startActionServer({
    ...(isReloading ? { folder: path, autoReload: true } : { handlers }),
    port: numberSetting(environment, 'ACTION_PORT'),
    portSetting: 'ACTION_PORT',
  })
  running.unshift(server)
  return { url: server.url, handlers, count: (await server.actionNames()).length }
}

async function serverOptions(options: RoleStart, actions: StartedActions | null): Promise<ServerOptions> {
  const { folder, role, environment, console } = options
  const read = (name: string) => readSettings(join(folder, name), environment)
  const named = settingsOver((await read('endpoints.yml')) ?? {}, environment)
  const endpoints = isCalled(actions)
    ? { ...named, action_endpoint: { url: `${actions.url}/webhook` } }
    : named
  const staticDir = resolve(import.meta.dirname, '../../../web/dist')
  const embedded = (name: string): string => join(folder, '.tabula', name)
  const shop =
    role === 'inference'
      ? undefined
      : {
          port: numberSetting(environment, 'API_PORT'),
          settings: readShopSettings(await withDemoKey(environment, folder), role, embedded('shop.sqlite')),
          ...(existsSync(staticDir) ? { staticDir } : {}),
        }
  return {
    roles: [role],
    endpoints,
    trackerStore: { type: 'sql', dialect: 'sqlite', db: embedded('conversations.sqlite') },
    interface: options.environment['LISTEN_ADDRESS'] ?? '0.0.0.0',
    port: numberSetting(environment, 'INFERENCE_PORT'),
    portSettings: { server: 'INFERENCE_PORT', shop: 'API_PORT' },
    ...logLevelOf(options),
    ...(shop === undefined ? {} : { shop }),
    ...(role === 'api'
      ? {}
      : await botOptions(options, actions, (await read('credentials.yml')) ?? {}, console)),
  }
}

/** Actions that are not run in this process but over HTTP. */
function isCalled(actions: StartedActions | null): actions is StartedActions {
  return actions !== null && actions.handlers.length === 0 && actions.count > 0
}

/** LOG_LEVEL decides where no flag does; a process with everything in it is for people who watch it, and says little. */
function logLevelOf({ role, environment, flags }: RoleStart): Pick<ServerOptions, 'logLevel'> {
  const flag = levelOf(flags)
  if (flag !== undefined) return { logLevel: flag }
  return role === 'all' && environment['LOG_LEVEL'] === undefined ? { logLevel: 'warn' } : {}
}

/** What a process that holds the bot is started with besides. */
async function botOptions(
  { folder, role, environment, model }: RoleStart,
  actions: StartedActions | null,
  credentials: Readonly<Record<string, unknown>>,
  console: Console,
): Promise<Partial<ServerOptions>> {
  const token = environment['INFERENCE_TOKEN'] ?? ''
  return {
    model: model ?? (await modelOf(role, folder, console)),
    credentials: { rest: {}, ...credentials },
    enableApi: true,
    ...(token === '' ? {} : { authToken: token }),
    ...(role === 'all' ? { cors: '*' } : {}),
    // A project whose actions are elsewhere, in Python say, names them in endpoints.yml.
    ...(role === 'all' && actions !== null && actions.handlers.length > 0
      ? { actionRunner: actionRunner(actions.handlers) }
      : {}),
  }
}

/** One process trains what is stale; of several each takes the model that lies there, so that all have the same. */
async function modelOf(role: Role, folder: string, console: Console): Promise<string> {
  if (role === 'all') return upToDateModel(folder, console)
  const models = join(folder, 'models')
  if ((await latestModel(models)) === null)
    tell(
      console,
      `There is no model in ${models} yet: bot train writes one; until then messages are refused.`,
    )
  return models
}
