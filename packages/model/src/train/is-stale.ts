// Whether a model is of an earlier state of its project: told by content, so that a checkout's times do not matter.

import { readMetadata } from '../archive/metadata.ts'
import type { Project } from '../project/read-project.ts'
import { fingerprint } from './fingerprint.ts'
import { withoutPositions } from './training-plan.ts'

/** A hash of all that a model is trained from. */
export function projectFingerprint({ config, domain, nlu, stories }: Project): string {
  const bare = ({ name, options }: { readonly name: string; readonly options: unknown }): unknown => [
    name,
    options,
  ]
  return fingerprint({
    language: config.language,
    assistantId: config.assistantId,
    pipeline: config.pipeline.map(bare),
    policies: config.policies.map(bare),
    domain,
    nlu: withoutPositions(nlu),
    stories,
  })
}

/** Whether the model must be trained again: it is missing, cannot be read, or was trained from something else. */
export async function isStale(project: Project, file: string | null): Promise<boolean> {
  if (file === null) return true
  const metadata = await readMetadata(file).catch(() => null)
  return metadata?.project !== projectFingerprint(project)
}
