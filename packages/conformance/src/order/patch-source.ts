// Changes source as it is loaded, so that a server can be made to break a promise, or to end at a certain place. Only for
// modules that a test loads into a server first: nothing of it is part of the server.

import { registerHooks } from 'node:module'

/** End of the module's path, what is found there, what stands there instead. */
export type Patch = readonly [file: string, found: string, instead: string]

/** A module that does not hold what is to be changed is not loaded: the test would show nothing. */
export function patchSource(patches: readonly Patch[]): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const own = patches.filter(([file]) => url.endsWith(file))
      if (own.length === 0 || loaded.source === undefined) return loaded
      let source =
        typeof loaded.source === 'string'
          ? loaded.source
          : Buffer.from(loaded.source as Uint8Array).toString()
      for (const [file, found, instead] of own) {
        if (!source.includes(found)) throw new Error(`${file} does not hold what is to be changed: ${found}`)
        source = source.replace(found, () => instead)
      }
      return { ...loaded, source }
    },
  })
}
