// Loads a model file: read in memory, checked, and made into what a server needs.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createEnsemble, Domain, loadPolicies, type PolicyEnsemble } from '@tabula/dialogue'
import { decodePart } from '@tabula/ml'
import { loadPipeline, type Pipeline } from '@tabula/nlu'
import type { JsonObject } from '@tabula/protocol'
import { CodedError, parseDomainJson } from '@tabula/protocol'
import { readArchive } from './archive/archive.ts'
import { type ModelMetadata, parseMetadata, rasaModel, type SavedComponentEntry } from './archive/metadata.ts'

export interface Model {
  readonly metadata: ModelMetadata
  readonly domain: Domain
  /** null for a model without understanding. */
  readonly pipeline: Pipeline | null
  /** null for a model without dialogue. */
  readonly ensemble: PolicyEnsemble | null
  readonly file: string
}

const ENDING = '.tar.gz'

/** The model of a file. Throws CodedError (400) for a file that is missing, broken, of another format, or Rasa's own. */
export async function loadModel(file: string): Promise<Model> {
  const files = await readArchive(file)
  const json = files.get('metadata.json')
  if (json === undefined)
    throw files.has('components') || hasRasaParts(files) ? rasaModel(file) : broken(file, 'metadata.json')
  const metadata = parseMetadata(json.toString(), file)
  const domainFile = files.get('components/domain.json')
  if (domainFile === undefined) throw broken(file, 'components/domain.json')
  const domain = Domain.fromJson(parseDomainJson(JSON.parse(domainFile.toString())))
  const nlu = partsOf('nlu', metadata, files, file)
  const core = partsOf('core', metadata, files, file)
  return {
    metadata,
    domain,
    pipeline: nlu.length === 0 ? null : loadPipeline(nlu, nlu, { language: metadata.language }),
    ensemble: core.length === 0 ? null : createEnsemble(loadPolicies(core, core, domain), domain),
    file,
  }
}

/** The newest model of a folder, or the file itself; null where there is neither. */
export async function latestModel(path: string): Promise<string | null> {
  const entry = await stat(path).catch(() => null)
  if (entry === null) return null
  if (entry.isFile()) return path
  const names = (await readdir(path)).filter(name => name.endsWith(ENDING) && !name.startsWith('.'))
  const files = await Promise.all(
    names.map(async name => ({ file: join(path, name), time: (await stat(join(path, name))).mtimeMs })),
  )
  return files.toSorted((a, b) => b.time - a.time || (a.file < b.file ? 1 : -1))[0]?.file ?? null
}

interface LoadedPart {
  readonly name: string
  readonly options: JsonObject
  readonly part: ReturnType<typeof decodePart>
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
      if (bytes === undefined) throw broken(file, path)
      return { name, options: options as JsonObject, part: decodePart(bytes) }
    })
}

/** Rasa's archives keep a folder for each component, and their metadata beside it. */
function hasRasaParts(files: ReadonlyMap<string, Buffer>): boolean {
  return [...files.keys()].some(path => /^components\/(train_|run_|domain_provider|finetuning)/.test(path))
}

function broken(file: string, path: string): CodedError {
  return new CodedError('model.unreadable', `The model ${file} cannot be read: it lacks ${path}.`, {
    status: 400,
  })
}
