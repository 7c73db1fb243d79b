// Finds and loads models on disk: at start the newest of a folder, later only archives below the folder of models.

import { existsSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { CodedError } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import type { FetchedModel } from './model-source.ts'
import type { ServedModel } from './served-model.ts'

/** The model of a file, or the newest one of a folder; null, with a word in the log, where there is none. */
export async function openModel(path: string, log: Log): Promise<ServedModel | null> {
  if (!existsSync(path)) {
    log.warn({ code: 'model.none', path }, 'There is no model at this path; the server starts without one.')
    return null
  }
  const { latestModel, loadModel } = await import('@tabula/model')
  const file = await latestModel(path)
  if (file === null) {
    log.warn({ code: 'model.none', path }, 'This folder holds no model; the server starts without one.')
    return null
  }
  return loadModel(file)
}

/** The model of an archive that came from a source. Throws CodedError (400) for one that cannot be read. */
export async function loadFetched({ bytes, name }: FetchedModel): Promise<ServedModel> {
  const { loadModelBytes } = await import('@tabula/model')
  return loadModelBytes(bytes, name)
}

/** Loads an archive that a request names; throws CodedError `model.outside` (400) for one that is not below the folder. */
export function loaderBelow(folder: string): (path: string) => Promise<ServedModel> {
  return async path => {
    const file = await archiveBelow(folder, path)
    const { loadModel } = await import('@tabula/model')
    return loadModel(file)
  }
}

/** The real path of an archive that a request names, of a folder its newest; throws CodedError `model.outside` (400) as above. */
export async function archiveBelow(folder: string, path: string): Promise<string> {
  const root = await realpath(folder)
  const inside = async (named: string): Promise<string> => {
    const real = await realpath(named)
    if (real === root || real.startsWith(root + sep)) return real
    throw new CodedError('model.outside', `${path} is not below the folder of models, ${folder}.`, {
      status: 400,
    })
  }
  // A name may be given from the folder itself, or as Rasa takes it: from where the server was started.
  const named = await inside(isAbsolute(path) || existsSync(resolve(path)) ? resolve(path) : join(root, path))
  const { latestModel } = await import('@tabula/model')
  const file = await latestModel(named)
  if (file === null) {
    throw new CodedError('model.none', `The folder ${path} holds no model.`, { status: 400 })
  }
  // The newest of a folder may be a link out of it.
  return inside(file)
}

/** The folder that requests may load from: the one given at start, or the one that the given file is in. */
export async function modelFolder(path: string | undefined): Promise<string> {
  if (path === undefined) return 'models'
  const isFolder = await stat(path).then(
    entry => entry.isDirectory(),
    () => !path.endsWith('.tar.gz'),
  )
  return isFolder ? path : dirname(path)
}
