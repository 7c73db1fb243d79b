// Lends the action SDK of the command to the actions of a project that has not installed one.

import { registerHooks } from 'node:module'

const SDK = '@tabula/action-sdk'

/** From now on an import of the SDK that the project does not have is answered with the command's own. */
export function lendSdk(): void {
  const own = import.meta.resolve(SDK)
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (specifier !== SDK || !isMissing(error)) throw error
        return next(own, context)
      }
    },
  })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
