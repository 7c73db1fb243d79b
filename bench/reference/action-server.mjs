// An action server with one handler that sets one slot: what `npm run bench -- actions` calls. Its port is printed.

import { defineAction, slotSet, startActionServer } from '../../packages/action-sdk/src/index.ts'

export const setOne = defineAction({ name: 'action_set_one', run: () => [slotSet('one', 1)] })

if (process.argv[2] === 'serve') {
  const server = await startActionServer({ handlers: [setOne], port: 0, host: '127.0.0.1' })
  process.stdout.write(`${new URL(server.url).port}\n`)
}
