// Loads a model file: read in memory, checked, and made into what a server needs.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createEnsemble, Domain, loadPolicies, type PolicyEnsemble } from '@tabula/dialogue'
import { decodePart, type SavedPart } from '@tabula/ml'
import { loadPipeline, type Pipeline } from '@tabula/nlu'
import type { JsonObject } from '@tabula/protocol'
import { parseDomainJson } from '@tabula/protocol'
import { readArchive, readPacked, unreadable } from './archive/archive.ts'
import { metadataOf, type ModelMetadata, parseJson, type SavedComponentEntry } from './archive/metadata.ts'
import { registerProjectClasses } from './project/project-classes.ts'

export interface Model {
  readonly metadata: ModelMetadata
  readonly domain: Domain
  /** null for a model without understanding. */
  readonly pipeline: Pipeline | null
  /** null for a model without dialogue. */
  readonly ensemble: PolicyEnsemble | null
  readonly file: string
}

export const DOMAIN_FILE = 'components/domain.json'

const ENDING = '.tar.gz'

/** The model of a file. Throws CodedError (400) for a file that is missing, broken, of another format, or Rasa's own. */
export async function loadModel(file: string): Promise<Model> {
  return modelOf(await readArchive(file), file)
}

/** The model of an archive that came over the network; `file` is the name that it goes by. Throws as `loadModel` does. */
export async function loadModelBytes(packed: Buffer, file: string): Promise<Model> {
  return modelOf(await readPacked(packed, file), file)
}

async function modelOf(files: ReadonlyMap<string, Buffer>, file: string): Promise<Model> {
  const metadata = metadataOf(files, file)
  const domainFile = files.get(DOMAIN_FILE)
  if (domainFile === undefined) throw unreadable(file, `it lacks ${DOMAIN_FILE}`)
  const domainJson = parseJson(domainFile, DOMAIN_FILE, file)
  const nlu = partsOf('nlu', metadata, files, file)
  const core = partsOf('core', metadata, files, file)
  const { language } = metadata
  try {
    // The project's own classes lie where the server runs, as Python's do in Rasa; a model holds no code.
    const parsed = parseDomainJson(domainJson)
    const failed = await registerProjectClasses(process.cwd(), {
      components: nlu.map(({ name }) => name),
      policies: core.map(({ name }) => name),
      slotTypes: Object.values(parsed.slots ?? {}).map(({ type }) => type),
    })
    for (const error of failed.values()) throw error
    const domain = Domain.fromJson(parsed)
    return {
      metadata,
      domain,
      pipeline: nlu.length === 0 ? null : loadPipeline(nlu, nlu, { language }),
      ensemble: core.length === 0 ? null : createEnsemble(loadPolicies(core, core, domain), domain),
      file,
    }
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error), error)
  }
}

/** The newest model of a folder, or the file itself; null where there is neither. */
export async function latestModel(path: string): Promise<string | null> {
  const entry = await stat(path).catch(() => null)
  if (entry === null) return null
  if (entry.isFile()) return path
  const names = (await readdir(path)).filter(name => name.endsWith(ENDING) && !name.startsWith('.'))
  const files = await Promise.all(
    names.map(async name => {
      const file = join(path, name)
      return { file, found: await stat(file).catch(() => null) }
    }),
  )
  const newest = files
    .flatMap(({ file, found }) => (found?.isFile() === true ? [{ file, time: found.mtimeMs }] : []))
    .toSorted((a, b) => b.time - a.time || (a.file < b.file ? 1 : -1))
  return newest[0]?.file ?? null
}

interface LoadedPart {
  readonly name: string
  readonly options: JsonObject
  readonly part: SavedPart
}

function partsOf(
  kind: SavedComponentEntry['kind'],
  metadata: ModelMetadata,
  files: ReadonlyMap<string, Buffer>,
  file: string,
): LoadedPart[] {
  return metadata.components
    .filter(component => component.kind === kind)
    .map(({ name, options, file: path }) => {
      const bytes = files.get(path)
      if (bytes === undefined) throw unreadable(file, `it lacks ${path}`)
      try {
        return { name, options, part: decodePart(bytes) }
      } catch (error) {
        throw unreadable(file, `${path}: ${error instanceof Error ? error.message : String(error)}`, error)
      }
    })
}
