// What a check across files found, and where a name of the domain is written.

import type { Problem, SourcePosition } from '@tabula/protocol'
import type { Project } from '../project/read-project.ts'

/** A finding; `unused` ones never make a training fail, not even where warnings do. */
export interface Finding extends Problem {
  readonly isUnused?: boolean
}

/** Whether training must stop: on an error, and with `failOnWarnings` on a warning that is not about unused things. */
export function fails(findings: readonly Finding[], failOnWarnings: boolean): boolean {
  return findings.some(
    finding => finding.severity === 'error' || (failOnWarnings && finding.isUnused !== true),
  )
}

/** The place of a part of the domain, to be spread into a finding. */
export function placeOf(project: Project, path: readonly (string | number)[]): { position?: SourcePosition } {
  const position = project.placeInDomain(path)
  return position === null ? {} : { position }
}
