// bot doctor: what keeps a project from running, and how to mend it.

import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { openConversations, showSettings, textSetting } from '@tabula/core-server'
import { isStale, latestModel, loadModel, readProject, readSettings } from '@tabula/model'
import { ProjectError } from '@tabula/protocol'
import { colorsOf, type Console, print, printJson } from '../console.ts'
import { readEnvironment } from '../roles/environment.ts'
import { settingsOver } from '../roles/settings-over.ts'
import { type Check, checkSettings, printSettings } from './check-settings.ts'

export interface DoctorFlags {
  readonly model?: string
  readonly endpoints?: string
  readonly port?: number
}

/** Milliseconds that a neighbour has to answer. */
const PATIENCE_MS = 3000

/** 0 where nothing keeps the project from running, else 1. */
export async function doctor(flags: DoctorFlags, given: Console): Promise<number> {
  const console = { ...given, environment: await readEnvironment(given.folder, given) }
  const endpoints = await endpointsOf(flags, console)
  const checks = [
    checkNode(),
    ...(await checkProject(flags, console)),
    await checkPort(flags.port ?? 5005, '--port'),
    endpoints.check,
    ...(endpoints.settings === null
      ? []
      : [
          await checkStore(endpoints.settings),
          ...(await checkRedis(endpoints.settings, console)),
          await checkActions(endpoints.settings, console),
        ]),
    ...checkSettings(console.environment),
  ]
  const settings = showSettings(console.environment)
  const colors = colorsOf(console)
  const marks = { ok: colors.green('✓'), warning: colors.yellow('!'), error: colors.red('✗') }
  for (const { name, state, found, mend } of checks) {
    print(console, `${marks[state]} ${name.padEnd(14)} ${found}`)
    if (mend !== undefined && state !== 'ok') print(console, `  ${colors.cyan('→')} ${mend}`)
  }
  printSettings(settings, console)
  printJson(console, { checks, settings })
  return checks.some(({ state }) => state === 'error') ? 1 : 0
}

function checkNode(): Check {
  const { node } = process.versions
  return Number(node.split('.')[0]) >= 24
    ? { name: 'Node', state: 'ok', found: node }
    : { name: 'Node', state: 'error', found: node, mend: 'Use Node 24 or later.' }
}

async function checkProject({ model = 'models' }: DoctorFlags, console: Console): Promise<Check[]> {
  const project = await readProject({ root: console.folder }, console.environment).catch((error: unknown) => {
    if (error instanceof ProjectError) return error
    throw error
  })
  if (project instanceof ProjectError)
    return [
      {
        name: 'Project',
        state: 'error',
        found: `${project.problems.filter(({ severity }) => severity === 'error').length} mistakes in its files`,
        mend: 'bot data validate',
      },
    ]
  const read: Check = {
    name: 'Project',
    state: 'ok',
    found: `${project.files.length} files, written for Rasa ${project.age}`,
  }
  const standIns = project.problems.filter(({ code }) => code === 'config.stand-in').length
  const inConfig: Check[] =
    standIns === 0
      ? []
      : [
          {
            name: 'Config',
            state: 'warning',
            found: `${standIns} components have a stand-in or do nothing`,
            mend: 'bot data validate',
          },
        ]
  const file = await latestModel(resolve(console.folder, model))
  if (file === null)
    return [
      read,
      ...inConfig,
      { name: 'Model', state: 'error', found: `there is none at '${model}'`, mend: 'bot train' },
    ]
  const loaded = await loadModel(file).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  )
  if (typeof loaded === 'string')
    return [read, ...inConfig, { name: 'Model', state: 'error', found: loaded, mend: 'bot train' }]
  const found: Check = (await isStale(project, file))
    ? {
        name: 'Model',
        state: 'warning',
        found: 'the files have changed since it was trained',
        mend: 'bot train',
      }
    : {
        name: 'Model',
        state: 'ok',
        found: `${loaded.metadata.model_id}, trained ${loaded.metadata.trained_at}`,
      }
  return [read, ...inConfig, found]
}

async function checkPort(port: number, setting: string): Promise<Check> {
  const name = `Port ${port}`
  const isFree = await new Promise<boolean>(done => {
    const server = createServer()
    server.once('error', () => {
      done(false)
    })
    server.listen(port, () => {
      server.close(() => {
        done(true)
      })
    })
  })
  return isFree
    ? { name, state: 'ok', found: 'free' }
    : {
        name,
        state: 'warning',
        found: 'taken by another program',
        mend: `Stop that program, or choose another port with ${setting}.`,
      }
}

interface ReadEndpoints {
  readonly settings: Readonly<Record<string, unknown>> | null
  readonly check: Check
}

async function endpointsOf(
  { endpoints = 'endpoints.yml' }: DoctorFlags,
  console: Console,
): Promise<ReadEndpoints> {
  const file = join(console.folder, endpoints)
  const name = 'Endpoints'
  try {
    const isThere = existsSync(file)
    const read = isThere ? await readSettings(file, console.environment) : null
    return {
      settings: read ?? {},
      check: { name, state: 'ok', found: isThere ? endpoints : `there is no ${endpoints}` },
    }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return { settings: null, check: { name, state: 'error', found, mend: `Mend ${endpoints}.` } }
  }
}

/** The store that REDIS_URL names for `bot start`, where endpoints.yml names none. */
async function checkRedis(settings: Readonly<Record<string, unknown>>, console: Console): Promise<Check[]> {
  const isNamed = settings['tracker_store'] !== undefined && settings['tracker_store'] !== null
  if (isNamed || textSetting(console.environment, 'REDIS_URL') === undefined) return []
  const name = 'REDIS_URL'
  try {
    return [await checkStore(settingsOver(settings, console.environment), name)]
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [{ name, state: 'error', found, mend: 'Mend REDIS_URL.' }]
  }
}

async function checkStore(
  settings: Readonly<Record<string, unknown>>,
  name = 'Tracker store',
): Promise<Check> {
  if (settings['tracker_store'] === undefined || settings['tracker_store'] === null)
    return {
      name,
      state: 'warning',
      found:
        'in memory under `bot run`: a restart forgets all conversations; `bot start` keeps them in SQLite',
      mend: 'Name one in endpoints.yml under tracker_store.',
    }
  try {
    const source = await openConversations(settings)
    try {
      await source.conversations().next()
    } finally {
      // One that does not answer would be called again and again.
      await source.close()
    }
    return { name, state: 'ok', found: 'answers' }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return { name, state: 'error', found, mend: 'Start it, or mend its address.' }
  }
}

async function checkActions(settings: Readonly<Record<string, unknown>>, console: Console): Promise<Check> {
  const name = 'Action server'
  const endpoint = settings['action_endpoint'] as { readonly url?: unknown } | null | undefined
  if (typeof endpoint?.url !== 'string') return { name, state: 'ok', found: 'none is named' }
  const health = endpoint.url.replace(/\/webhook\/?$/, '/health')
  const folder = existsSync(join(console.folder, 'actions')) ? 'bot run actions' : 'Start your action server.'
  try {
    const answer = await fetch(health, { signal: AbortSignal.timeout(PATIENCE_MS) })
    await answer.body?.cancel()
    return answer.ok
      ? { name, state: 'ok', found: endpoint.url }
      : { name, state: 'warning', found: `${health} answers ${answer.status}`, mend: folder }
  } catch {
    return { name, state: 'error', found: `${endpoint.url} does not answer`, mend: folder }
  }
}
