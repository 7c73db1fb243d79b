// Packages that one component alone needs: loaded when that component is made or first used, never at start.

import { createRequire } from 'node:module'
import { CodedError } from '@tabula/protocol'

const load = createRequire(import.meta.url)

/** The package's exports. Throws CodedError, with what to install, where it is missing. */
export function requirePackage(name: string, component: string): unknown {
  const exported = findPackage(name)
  if (exported !== null) return exported
  throw new CodedError(
    'nlu.package',
    `${component} needs the package '${name}', which is not installed. Run: npm install ${name}`,
    { status: 400 },
  )
}

/** The package's exports, or null where it is not installed. A package that fails while it loads throws its own error. */
export function findPackage(name: string): unknown {
  try {
    return load(name)
  } catch (error) {
    if (isMissing(error, name)) return null
    throw error
  }
}

/** Whether the package is installed; it is not loaded. */
export function hasPackage(name: string): boolean {
  try {
    load.resolve(name)
    return true
  } catch {
    return false
  }
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' &&
    error.message.includes(`'${name}'`)
  )
}
