// Finds the actions of a project: what the files of its actions folder export.

import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CodedError, ProjectError } from '@tabula/protocol'
import type { Problem } from '@tabula/protocol'
import type { Action } from './action.ts'

const SCRIPT = /\.(ts|mts|js|mjs)$/
const NO_ACTIONS = /\.(test|spec)\.[mc]?[jt]s$|\.d\.m?ts$/
const NO_ACTION_FOLDERS = new Set(['node_modules', 'test', 'tests', 'fixtures'])

/**
 * The actions that the scripts of the folder and of those below it export: actions, classes of them, and lists of either,
 * in the order of the files' names. One file may stand for a folder. Throws CodedError `actions.no-folder` where there is
 * none, and ProjectError with each file that cannot be loaded and each name that two actions have.
 */
export async function loadActions(
  folder: string,
  /** Makes the address that a file is imported by; another address loads it anew. */
  addressOf: (address: string) => string = address => address,
): Promise<Action[]> {
  const root = resolve(folder)
  const problems: Problem[] = []
  const found: { readonly action: Action; readonly file: string }[] = []
  for (const path of await findScripts(folder)) {
    const file = join(folder, relative(root, path))
    const exported = await load(addressOf(pathToFileURL(path).href), file, problems)
    for (const action of collect(exported, file, problems)) {
      if (found.some(known => known.action === action)) continue
      const same = found.find(known => known.action.name === action.name)
      if (same === undefined) found.push({ action, file })
      else problems.push(duplicate(action.name, same.file, file))
    }
  }
  if (problems.length > 0) throw new ProjectError(problems)
  return found.map(({ action }) => action)
}

/** The paths of the scripts that may hold actions, absolute. Throws CodedError `actions.no-folder`. */
export async function findScripts(folder: string): Promise<string[]> {
  const root = resolve(folder)
  const kind = await stat(root).catch(() => null)
  if (kind?.isFile() === true) return [root]
  if (kind === null) {
    throw new CodedError('actions.no-folder', `There is no folder ${folder} to load actions from.`, {
      status: 400,
    })
  }
  return scriptsBelow(root)
}

async function scriptsBelow(folder: string): Promise<string[]> {
  const scripts: string[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) {
      if (!NO_ACTION_FOLDERS.has(entry.name)) scripts.push(...(await scriptsBelow(path)))
    } else if (SCRIPT.test(entry.name) && !NO_ACTIONS.test(entry.name)) {
      scripts.push(path)
    }
  }
  return scripts
}

async function load(address: string, file: string, problems: Problem[]): Promise<Record<string, unknown>> {
  try {
    return (await import(address)) as Record<string, unknown>
  } catch (error) {
    const place = placeOf(error, address)
    problems.push({
      severity: 'error',
      code: 'actions.load-failed',
      message: `${file} cannot be loaded: ${reasonOf(error)}.`.replace(/\.\.$/, '.'),
      ...(place === null ? {} : { position: { file, ...place } }),
    })
    return {}
  }
}

/** Where in the file, as the error's stack tells; null where that is silent, as for syntax errors of plain JavaScript. */
function placeOf(error: unknown, address: string): { readonly line: number; readonly column: number } | null {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const name of [address, fileURLToPath(address)]) {
    const from = stack.indexOf(`${name}:`)
    const place = from < 0 ? null : /^:(\d+)(?::(\d+))?/.exec(stack.slice(from + name.length))
    if (place !== null) return { line: Number(place[1]), column: Number(place[2] ?? 1) }
  }
  return null
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function collect(exported: Record<string, unknown>, file: string, problems: Problem[]): Action[] {
  return Object.values(exported)
    .flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]))
    .map(value => (isActionClass(value) ? create(value, file, problems) : value))
    .filter(isAction)
}

/** Told by its shape, so that an action of another copy of this package counts too. */
function isAction(value: unknown): value is Action {
  return (
    value !== null &&
    typeof value === 'object' &&
    'name' in value &&
    typeof value.name === 'string' &&
    value.name !== '' &&
    'run' in value &&
    typeof value.run === 'function'
  )
}

type ActionClass = new () => unknown

function isActionClass(value: unknown): value is ActionClass {
  if (typeof value !== 'function') return false
  const prototype: unknown = value.prototype
  return (
    prototype !== null &&
    typeof prototype === 'object' &&
    'run' in prototype &&
    typeof prototype.run === 'function'
  )
}

function create(actionClass: ActionClass, file: string, problems: Problem[]): unknown {
  try {
    return new actionClass()
  } catch (error) {
    problems.push({
      severity: 'error',
      code: 'actions.load-failed',
      message: `The class ${actionClass.name} cannot be made: ${reasonOf(error)}`,
      position: { file, line: 1, column: 1 },
      hint: 'It must need no arguments.',
    })
    return null
  }
}

function duplicate(name: string, first: string, second: string): Problem {
  return {
    severity: 'error',
    code: 'actions.duplicate',
    message: `${second} has an action '${name}', and so has ${first}.`,
    position: { file: second, line: 1, column: 1 },
    hint: 'Give each a name of its own.',
  }
}
