// The actions of a folder, loaded again when its files, or those that they import, have changed (`--auto-reload`).

import { stat } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { ActionExecutor } from './action-executor.ts'
import type { ActionLog } from './action-log.ts'
import { findScripts, loadActions } from './load-actions.ts'

/** Stands in the address of a module: it is the project's own, of that loading. */
const MARK = 'tabula-reload'

export class ReloadingActions {
  readonly #folder: string
  readonly #log: ActionLog
  readonly #imported = new Set<string>()
  readonly #hooks: { deregister(): void }
  #executor: ActionExecutor
  #seen = ''
  #checking: Promise<ActionExecutor> | null = null

  private constructor(folder: string, log: ActionLog) {
    this.#folder = folder
    this.#log = log
    this.#executor = new ActionExecutor([], log)
    this.#hooks = registerHooks({
      resolve: (specifier, context, next) => {
        const resolved = next(specifier, context)
        const version = versionOf(context.parentURL)
        if (version === null || !isOwn(specifier, resolved.url)) return resolved
        this.#imported.add(fileURLToPath(resolved.url))
        return { ...resolved, url: withVersion(resolved.url, version) }
      },
    })
  }

  /** The folder, loaded once. Throws as loadActions does. */
  static async load(folder: string, log: ActionLog): Promise<ReloadingActions> {
    const actions = new ReloadingActions(folder, log)
    try {
      await actions.#load()
    } catch (error) {
      actions.close()
      throw error
    }
    return actions
  }

  /** The actions as the files have them now; those of before, with a word in the log, while a file cannot be loaded. */
  current(): Promise<ActionExecutor> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null
    })
    return this.#checking
  }

  close(): void {
    this.#hooks.deregister()
  }

  async #check(): Promise<ActionExecutor> {
    if ((await this.#look()) === this.#seen) return this.#executor
    try {
      await this.#load()
      this.#log.warn(
        { code: 'actions.reloaded' },
        `${this.#executor.names.length} actions were loaded again.`,
      )
    } catch (err) {
      this.#log.error({ code: 'actions.reload-failed', err }, 'The actions stay as they were.')
    }
    return this.#executor
  }

  async #load(): Promise<void> {
    this.#seen = await this.#look()
    const version = `${Date.now()}-${Math.random()}`
    const actions = await loadActions(this.#folder, address => withVersion(address, version))
    this.#executor = new ActionExecutor(actions, this.#log)
    // Only now is it known what the files import.
    this.#seen = await this.#look()
  }

  /** Times and sizes of all files in one text. */
  async #look(): Promise<string> {
    const found = await findScripts(this.#folder).catch(() => [])
    const files = [...new Set([...found, ...this.#imported])].toSorted()
    const looks = await Promise.all(
      files.map(async file => {
        const state = await stat(file).catch(() => null)
        return `${file} ${state?.mtimeMs ?? 'gone'} ${state?.size ?? ''}`
      }),
    )
    return looks.join('\n')
  }
}

/** A file of the project, named by its place; packages stay as they are, also those that are links. */
function isOwn(specifier: string, url: string): boolean {
  return /^(\.|\/|#|file:)/.test(specifier) && url.startsWith('file:') && !url.includes('/node_modules/')
}

function versionOf(parent: string | undefined): string | null {
  return parent?.startsWith('file:') === true ? new URL(parent).searchParams.get(MARK) : null
}

function withVersion(address: string, version: string): string {
  const url = new URL(address)
  url.searchParams.set(MARK, version)
  return url.href
}
