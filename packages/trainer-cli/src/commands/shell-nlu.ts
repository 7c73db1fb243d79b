// bot shell nlu: how each line is understood, as Rasa's parse result.

import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { latestModel, loadModel } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, tell } from '../console.ts'

/** 0 when the person types /stop, or the input ends. */
export async function shellNlu(path: string, console: Console): Promise<number> {
  const file = await latestModel(resolve(console.folder, path))
  if (file === null)
    throw new CodedError('model.none', `There is no model at ${path}. Train one with \`bot train nlu\`.`)
  const { pipeline } = await loadModel(file)
  if (pipeline === null)
    throw new CodedError('model.no-nlu', `The model ${file} was trained without understanding.`)
  tell(console, 'Type a message to see how it is understood, or /stop to end.')
  for await (const line of createInterface({ input: console.stdin })) {
    if (line.trim() === '/stop') break
    if (line.trim() !== '') print(console, JSON.stringify(await pipeline.parse(line), null, 2))
  }
  return 0
}
