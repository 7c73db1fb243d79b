// The model that a flag names: a file, or the newest of a folder.

import { resolve } from 'node:path'
import { latestModel, loadModel, type Model } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import type { Console } from '../console.ts'
import { existingPath } from './existing-path.ts'

/** The model's file. Throws CodedError `model.none` where there is none at the path. */
export async function modelFileAt(path: string, console: Console): Promise<string> {
  const found = existingPath(path, 'models', console)
  const file = await latestModel(resolve(console.folder, found))
  if (file !== null) return file
  throw new CodedError('model.none', `There is no model at '${found}'. Train one with \`bot train\`.`)
}

/** The loaded model. Throws CodedError `model.none` where there is none at the path. */
export async function openModel(path: string, console: Console): Promise<Model> {
  return loadModel(await modelFileAt(path, console))
}
