// Where the recordings of Rasa and the NLU sets lie beside the project; tests that need them skip where they are not.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder `../shared` beside the checkout, there or not. */
export const SHARED = join(
  dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))),
  'shared',
)

/** The recording of one of the conformance bots. */
export function goldenFile(bot: string): string {
  return join(SHARED, 'conformance', 'golden', `${bot}.golden.json`)
}
