// Whether a model is of an earlier state of its project: told by content, so that a checkout's times do not matter.

import { readArchive } from '../archive/archive.ts'
import { parseMetadata } from '../archive/metadata.ts'
import type { Project } from '../project/read-project.ts'
import { fingerprint } from './fingerprint.ts'

/** A hash of all that a model is trained from. */
export function projectFingerprint({ config, domain, nlu, stories }: Project): string {
  return fingerprint({ config, domain, nlu, stories })
}

/** Whether the model must be trained again: it is missing, cannot be read, or was trained from something else. */
export async function isStale(project: Project, file: string | null): Promise<boolean> {
  if (file === null) return true
  try {
    const json = (await readArchive(file)).get('metadata.json')
    return json === undefined || parseMetadata(json.toString(), file).project !== projectFingerprint(project)
  } catch {
    return true
  }
}
