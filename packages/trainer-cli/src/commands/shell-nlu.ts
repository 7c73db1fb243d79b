// bot shell nlu: how each line is understood, as Rasa's parse result.

import { loadModel } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { Asking, InputEnded, Interrupted } from '../chat/asking.ts'
import { type Console, print, tell } from '../console.ts'
import { modelFileAt } from './open-model.ts'

/** 0 when the person types /stop or the input ends, 130 after Ctrl-C. */
export async function shellNlu(path: string, console: Console): Promise<number> {
  const file = await modelFileAt(path, console)
  const { pipeline } = await loadModel(file)
  if (pipeline === null)
    throw new CodedError('model.no-nlu', `The model ${file} was trained without understanding.`)
  tell(console, 'Type a message to see how it is understood, or /stop to end.')
  const asking = new Asking(console, { isSilent: true })
  try {
    for (;;) {
      const line = await asking.text('Next message:')
      if (line !== '') print(console, JSON.stringify(await pipeline.parse(line), null, 2))
    }
  } catch (error) {
    if (error instanceof InputEnded) return 0
    if (error instanceof Interrupted) return error.isTyped ? 0 : 130
    throw error
  } finally {
    asking.close()
  }
}
