// Classes of a project's own, in TypeScript or JavaScript: components, policies and slot types that its files name by a path,
// as Rasa names Python's. `components.sentiment.SentimentAnalyzer` is the export SentimentAnalyzer of components/sentiment.ts.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type CustomPolicyClass,
  registerPolicyClass,
  registerSlotClass,
  type SlotTypeClass,
} from '@tabula/dialogue'
import { type CustomComponentClass, registerComponent } from '@tabula/nlu'
import { CodedError } from '@tabula/protocol'

/** Names as the project's files have them; those of Rasa's own are among them. */
export interface ClassNames {
  readonly components: readonly string[]
  readonly policies: readonly string[]
  readonly slotTypes: readonly string[]
}

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/
const ENDINGS = ['.ts', '.mjs', '.js']

/**
 * Makes every class known that lies in the project (a folder). Names without a file there are left alone, for the checks of
 * components, policies and slots to complain of. Gives, by name, a CodedError for each that cannot be used.
 */
export async function registerProjectClasses(
  root: string,
  { components, policies, slotTypes }: ClassNames,
): Promise<ReadonlyMap<string, CodedError>> {
  const failed = new Map<string, CodedError>()
  const register = async (
    names: readonly string[],
    use: (path: string, found: unknown) => void,
  ): Promise<void> => {
    for (const name of new Set(names)) {
      const place = placeOf(root, name)
      if (place === null) continue
      try {
        use(name, await loadClass(place, name))
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        failed.set(name, error)
      }
    }
  }
  await register(components, (path, found) => {
    registerComponent(path, found as CustomComponentClass)
  })
  await register(policies, (path, found) => {
    registerPolicyClass(path, found as CustomPolicyClass)
  })
  await register(slotTypes, (path, found) => {
    registerSlotClass(path, found as SlotTypeClass)
  })
  return failed
}

/** Whether a name may be the path of a class, such as `stores.notes.NotesStore`. */
export function isClassPath(name: unknown): name is string {
  return typeof name === 'string' && PATH.test(name) && !name.startsWith('rasa.')
}

/** Where a class of that path is looked for, without the ending. */
export function fileOfClass(path: string): string {
  return path.split('.').slice(0, -1).join('/')
}

/** The class of that name in the project (a folder); null where it has no file there. Throws CodedError where it cannot be used. */
export async function loadProjectClass(root: string, name: string): Promise<unknown> {
  const place = placeOf(root, name)
  return place === null ? null : loadClass(place, name)
}

/** Whether any of these classes lies in the project. */
export function hasProjectClasses(root: string, { components, policies, slotTypes }: ClassNames): boolean {
  return [...components, ...policies, ...slotTypes].some(name => placeOf(root, name) !== null)
}

/** What the files of these classes hold, in few letters: another text where one of them was changed. */
export function fingerprintOfClasses(root: string, { components, policies, slotTypes }: ClassNames): string {
  const hash = createHash('sha256')
  for (const name of [...components, ...policies, ...slotTypes]) {
    const place = placeOf(root, name)
    if (place !== null) hash.update(name).update(readFileSync(place.file))
  }
  return hash.digest('base64url')
}

interface Place {
  readonly file: string
  readonly exported: string
}

function placeOf(root: string, name: string): Place | null {
  if (!isClassPath(name) || name.startsWith('node_modules.')) return null
  const file = ENDINGS.map(ending => join(root, `${fileOfClass(name)}${ending}`)).find(existsSync)
  return file === undefined ? null : { file, exported: name.slice(name.lastIndexOf('.') + 1) }
}

async function loadClass({ file, exported }: Place, name: string): Promise<unknown> {
  let loaded: Readonly<Record<string, unknown>>
  try {
    loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw unusable(name, file, `it cannot be loaded: ${reason}`)
  }
  const found = loaded[exported]
  if (typeof found !== 'function') throw unusable(name, file, `it has no export ${exported} that is a class`)
  return found
}

function unusable(name: string, file: string, reason: string): CodedError {
  return new CodedError('config.custom-class', `'${name}' is in ${file}, but ${reason}.`, { status: 400 })
}
