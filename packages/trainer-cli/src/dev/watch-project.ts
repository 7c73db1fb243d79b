// Says which files of a project have changed, a moment after the last of them was written.

import { type FSWatcher, watch } from 'node:fs'
import { sep } from 'node:path'

/** Milliseconds of quiet after which changes count: editors write a file in several steps. */
const QUIET = 120

/** Folders that a project's commands write to themselves. */
const OWN = new Set(['models', 'results', 'node_modules', 'train_test_split', 'before_migration'])

/** Calls back with the paths from the folder, each once. */
export function watchProject(folder: string, onChange: (files: readonly string[]) => void): FSWatcher {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true }, (_kind, name) => {
    if (name === null || !isWatched(name)) return
    changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const files = [...changed].toSorted()
      changed.clear()
      onChange(files)
    }, QUIET)
  })
  watcher.on('close', () => {
    clearTimeout(timer)
  })
  return watcher
}

function isWatched(name: string): boolean {
  const parts = name.split(sep)
  if (parts.some(part => OWN.has(part) || (part.startsWith('.') && part !== '.env'))) return false
  return /\.(ya?ml|md|json|txt|[mc]?[jt]s|py|env)$/.test(name) && !/\.(log|new|sqlite.*)$/.test(name)
}
