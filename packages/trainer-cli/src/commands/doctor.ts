// bot doctor: what keeps a project from running, and how to mend it.

import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { openConversations } from '@tabula/core-server'
import { isStale, latestModel, loadModel, readProject, readSettings } from '@tabula/model'
import { ProjectError } from '@tabula/protocol'
import { colorsOf, type Console, print, printJson } from '../console.ts'

export interface DoctorFlags {
  readonly model?: string
  readonly endpoints?: string
  readonly port?: number
}

interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'error'
  readonly found: string
  /** A command, or what to change. */
  readonly mend?: string
}

/** Milliseconds that a neighbour has to answer. */
const PATIENCE_MS = 3000

/** 0 where nothing keeps the project from running, else 1. */
export async function doctor(flags: DoctorFlags, console: Console): Promise<number> {
  const endpoints = await endpointsOf(flags, console)
  const checks = [
    checkNode(),
    ...(await checkProject(flags, console)),
    await checkPort(flags.port ?? 5005, '--port'),
    endpoints.check,
    ...(endpoints.settings === null
      ? []
      : [await checkStore(endpoints.settings), await checkActions(endpoints.settings, console)]),
  ]
  const colors = colorsOf(console)
  const marks = { ok: colors.green('✓'), warning: colors.yellow('!'), error: colors.red('✗') }
  for (const { name, state, found, mend } of checks) {
    print(console, `${marks[state]} ${name.padEnd(14)} ${found}`)
    if (mend !== undefined && state !== 'ok') print(console, `  ${colors.cyan('→')} ${mend}`)
  }
  printJson(console, { checks })
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
  if (!existsSync(file))
    return {
      settings: null,
      check: {
        name,
        state: 'ok',
        found: `there is no ${endpoints}: trackers stay in memory, no actions are called`,
      },
    }
  try {
    return {
      settings: await readSettings(file, console.environment),
      check: { name, state: 'ok', found: endpoints },
    }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return { settings: null, check: { name, state: 'error', found, mend: `Mend ${endpoints}.` } }
  }
}

async function checkStore(settings: Readonly<Record<string, unknown>>): Promise<Check> {
  const name = 'Tracker store'
  if (settings['tracker_store'] === undefined || settings['tracker_store'] === null)
    return {
      name,
      state: 'warning',
      found: 'in memory: a restart forgets all conversations',
      mend: 'Name one in endpoints.yml under tracker_store.',
    }
  try {
    const source = await openConversations(settings)
    await source.conversations().next()
    await source.close()
    return { name, state: 'ok', found: 'answers' }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return { name, state: 'error', found, mend: 'Start it, or mend tracker_store in endpoints.yml.' }
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
