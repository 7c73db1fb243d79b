// A custom action: `bot run actions` serves every action of this folder.

import { defineAction } from '@tabula/action-sdk'

export const tellTime = defineAction({
  name: 'action_tell_time',
  run(dispatcher) {
    dispatcher.utterMessage({ text: `It is ${new Date().toLocaleTimeString()}.` })
  },
})
