// All that can be said of a project before it is trained: what Rasa's validator finds, and what it misses.

import { Domain, generateTrackers, trainPolicies } from '@tabula/dialogue'
import { checkRegex, compilePattern } from '@tabula/nlu'
import { ProjectError } from '@tabula/protocol'
import { isEmptyDomain } from '../project/is-empty-domain.ts'
import type { Project } from '../project/read-project.ts'
import { checkConflicts } from './check-conflicts.ts'
import { checkNearDuplicates } from './check-duplicates.ts'
import { checkAsking, checkSlots } from './check-slots.ts'
import type { Finding } from './finding.ts'
import { validateProject } from './validate-project.ts'

export interface InspectOptions {
  /** Steps back that stories are compared by; all where absent. */
  readonly maxHistory?: number
  /** `stories` leaves NLU data alone. */
  readonly what?: 'all' | 'stories'
}

/** The findings of `validateProject`, and more that a training would fail on or that a bot would suffer from. */
export async function inspectProject(
  project: Project,
  { maxHistory, what = 'all' }: InspectOptions = {},
): Promise<Finding[]> {
  const base = validateProject(project)
  if (isEmptyDomain(project.domain)) return base
  const domain = Domain.fromJson(project.domain)
  const findings: Finding[] = [
    ...base,
    ...checkConflicts(project.stories, domain, maxHistory ?? null),
    ...checkpoints(project, domain),
    ...checkSlots(project, domain),
    ...checkAsking(project, domain),
    ...(what === 'stories' ? [] : [...checkNearDuplicates(project), ...checkRegexes(project)]),
    ...(base.some(({ severity }) => severity === 'error') ? [] : await checkRules(project, domain)),
  ]
  const kept =
    what === 'stories'
      ? findings.filter(({ code }) => !code.startsWith('nlu.') && !code.startsWith('intent.no'))
      : findings
  return kept.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** Checkpoints that lead nowhere, or that nothing leads to. */
function checkpoints({ stories }: Project, domain: Domain): Finding[] {
  const { problems } = generateTrackers(stories, domain, { augmentation: 0, seed: 42 })
  return problems.filter(({ code }) => code.includes('checkpoint') || code === 'story.no-beginning')
}

/** What RulePolicy would refuse: rules that contradict each other or stories, or leave out what others say. */
async function checkRules({ config, stories }: Project, domain: Domain): Promise<Finding[]> {
  const policies = config.policies.filter(({ name }) => name === 'RulePolicy')
  if (policies.length === 0 || stories.length === 0) return []
  try {
    await trainPolicies(policies, domain, stories, { seed: 42, augmentation: 0 })
    return []
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    return [...error.problems]
  }
}

/** Expressions that cannot be used, and those that need the slower engine because they backtrack without end. */
function checkRegexes({ nlu }: Project): Finding[] {
  return nlu.regexes.flatMap(({ name, pattern, position }): Finding[] => {
    const fault = checkRegex(name, pattern, position)
    if (fault !== null) return [fault]
    if (compilePattern(pattern).engine !== 're2') return []
    return [
      {
        severity: 'warning',
        code: 'nlu.regex-slow',
        message: `The regular expression '${name}' backtracks: on some texts it would run without end, so a slower engine runs it.`,
        hint: 'Write it without nested or neighbouring repeats of the same characters.',
        ...(position === undefined ? {} : { position }),
      },
    ]
  })
}
