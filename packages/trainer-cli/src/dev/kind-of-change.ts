// What a changed file means for a bot that runs.

/** `actions` are loaded again at their next call, `settings` need the server to start again, all else may need training. */
export type ChangeKind = 'actions' | 'settings' | 'project'

export function kindOfChange(file: string): ChangeKind | null {
  if (/^(endpoints|credentials)\.ya?ml$|^\.env$/.test(file)) return 'settings'
  if (/\.[mc]?[jt]s$/.test(file)) return 'actions'
  // The action server in Python is another program's.
  if (file.endsWith('.py')) return null
  return /^(package(-lock)?|tsconfig)\.json$/.test(file) ? null : 'project'
}
