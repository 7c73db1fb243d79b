// Events as JSON lines of a file (`type: file`), as Rasa writes them.

import { appendFile } from 'node:fs/promises'
import { type EventBroker, payloadOf } from './event-broker.ts'

/** Where endpoints.yml names no path: Rasa's. */
const FILE = 'rasa_event.log'

export function createFileEventBroker(settings: Readonly<Record<string, unknown>>): EventBroker {
  const path = typeof settings['path'] === 'string' ? settings['path'] : FILE
  return {
    name: `file ${path}`,
    async publish(entries) {
      await appendFile(path, entries.map(entry => `${JSON.stringify(payloadOf(entry))}\n`).join(''))
    },
    close: () => Promise.resolve(),
  }
}
