// Checks across a project's files, as Rasa's validator makes them before training. Errors stop training, warnings do not.

import { Domain } from '@tabula/dialogue'
import { isEmptyDomain } from '../project/is-empty-domain.ts'
import type { Project } from '../project/read-project.ts'
import { checkForms, checkMappings } from './check-domain-names.ts'
import { checkExamples, checkIntentsHaveExamples } from './check-examples.ts'
import { checkPlaceholders } from './check-placeholders.ts'
import { checkStories } from './check-stories.ts'
import { checkUnused } from './check-unused.ts'
import type { Finding } from './finding.ts'

/** All findings, errors first, each with its place where it has one. Throws ProjectError where the domain itself is wrong. */
export function validateProject(project: Project): Finding[] {
  if (isEmptyDomain(project.domain))
    return [
      {
        severity: 'error',
        code: 'domain.empty',
        message: 'The domain is empty, or there is none.',
        hint: 'Write domain.yml, or name it with --domain.',
      },
    ]
  const domain = Domain.fromJson(project.domain)
  const findings: Finding[] = [
    ...checkStories(project.stories, domain),
    ...checkForms(project, domain),
    ...checkMappings(project, domain),
    ...checkExamples(project, domain),
    ...checkIntentsHaveExamples(project, domain),
    ...checkPlaceholders(project, domain),
    ...checkUnused(project, domain),
  ]
  return findings.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}
