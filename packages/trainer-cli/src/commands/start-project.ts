// bot start: trains a project if its model is not of its files, and runs server, actions and chat page in one process.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { actionRunner, loadActions, startActionServer } from '@tabula/action-sdk'
import { type RunningServer, start } from '@tabula/core-server'
import { isStale, latestModel, readProject, readSettings, validateProject } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { colorsOf, type Console, print, tell } from '../console.ts'
import { levelOf, type LoggingFlags } from '../flags.ts'
import { showProblems } from '../output/show-problems.ts'
import { stopSignal } from '../stopped.ts'
import { trainProject } from './train.ts'

export interface StartFlags extends LoggingFlags {
  readonly project: string
}

/** Ports and what changes them. */
const PORTS = {
  server: { setting: 'TABULA_PORT', usual: 5005 },
  actions: { setting: 'TABULA_ACTIONS_PORT', usual: 5055 },
  shop: { setting: 'TABULA_SHOP_PORT', usual: 5000 },
} as const

/** 0 after a graceful stop. Throws CodedError `server.port-taken` with the setting that gives another port. */
export async function startProject(flags: StartFlags, console: Console): Promise<number> {
  const folder = resolve(console.folder, flags.project)
  const model = await upToDateModel(folder, console)
  const actions = await actionsOf(folder)
  const running: { stop(): Promise<void> }[] = []
  try {
    const actionServer = await startActionServer({
      handlers: actions,
      port: portOf('actions', console),
      portSetting: PORTS.actions.setting,
    })
    running.unshift(actionServer)
    const server = await startServer(folder, model, actionRunner(actions), flags, console)
    running.unshift(server)
    showAddresses(server, actionServer.url, console)
    await stopSignal()
    tell(console, 'Stopping …')
    return 0
  } finally {
    for (const each of running) await each.stop()
  }
}

/** The project's newest model if it is of the project as it is now; else one trained now. */
async function upToDateModel(folder: string, console: Console): Promise<string> {
  const project = await readProject({ root: folder }, console.environment)
  const known = await latestModel(join(folder, 'models'))
  if (known !== null && !(await isStale(project, known))) return known
  tell(console, known === null ? 'Training the first model …' : 'The files have changed; training anew …')
  showProblems([...project.problems, ...validateProject(project)], folder, console)
  const { file } = await trainProject(project, {}, console)
  return file
}

async function actionsOf(folder: string): ReturnType<typeof loadActions> {
  const path = join(folder, 'actions')
  return existsSync(path) ? loadActions(path) : []
}

async function startServer(
  folder: string,
  model: string,
  runner: ReturnType<typeof actionRunner>,
  flags: StartFlags,
  console: Console,
): Promise<RunningServer> {
  const read = (name: string) => readSettings(join(folder, name), console.environment)
  const [endpoints, credentials] = [await read('endpoints.yml'), await read('credentials.yml')]
  const level = levelOf(flags)
  const staticDir = resolve(import.meta.dirname, '../../../web/dist')
  return start({
    model,
    ...(endpoints === null ? {} : { endpoints }),
    credentials: { rest: {}, ...credentials },
    port: portOf('server', console),
    enableApi: true,
    cors: '*',
    actionRunner: runner,
    trackerStore: { type: 'sql', dialect: 'sqlite', db: join(folder, '.tabula', 'conversations.sqlite') },
    shop: { port: portOf('shop', console), ...(existsSync(staticDir) ? { staticDir } : {}) },
    portSettings: { server: PORTS.server.setting, shop: PORTS.shop.setting },
    logLevel: level ?? 'warn',
  })
}

function portOf(name: keyof typeof PORTS, { environment }: Console): number {
  const { setting, usual } = PORTS[name]
  const value = environment[setting]
  if (value === undefined || value === '') return usual
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new CodedError('cli.port', `${setting} is '${value}'; it must be a port from 0 to 65535.`)
}

function showAddresses({ urls }: RunningServer, actions: string, console: Console): void {
  const colors = colorsOf(console)
  print(console, '')
  print(console, `  Chat with the bot   ${colors.cyan(`${urls.shop ?? ''}/shop`)}`)
  print(console, `  HTTP API, webhooks  ${colors.cyan(urls.server)}`)
  print(console, `  Action server       ${colors.cyan(actions)}`)
  print(console, '')
  print(console, `  Ctrl-C stops everything; conversations are kept.`)
}
