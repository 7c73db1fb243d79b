// Complaints about the policies of config.yml, before anything is trained.

import type { Problem } from '@tabula/protocol'
import { closestName } from '@tabula/protocol'
import type { PolicyConfig } from './policy.ts'
import type { PolicyType } from './policy-type.ts'
import { findPolicy, formerPolicyName, POLICY_NAMES } from './policies.ts'
import { numberOption } from './options.ts'

/** All errors and warnings: unknown names and options, values that cannot work, priorities that collide. */
export function checkPolicies(configs: readonly PolicyConfig[]): Problem[] {
  const problems = configs.flatMap(config => {
    const type = findPolicy(config.name)
    const found = type === null ? [unknownName(config)] : checkOptions(config, type)
    return found.map(problem => at(config, problem))
  })
  return [...problems, ...samePriorities(configs)]
}

function at({ position }: PolicyConfig, problem: Problem): Problem {
  return position === undefined ? problem : { ...problem, position }
}

function unknownName({ name }: PolicyConfig): Problem {
  const former = formerPolicyName(name)
  const near = former ?? closestName(name, POLICY_NAMES)
  const hint = name.includes('.')
    ? 'A policy written in Python cannot be run. Write it in TypeScript, in the file of this path: policies.night.NightPolicy is the export NightPolicy of policies/night.ts.'
    : near === null
      ? `Known are: ${POLICY_NAMES.join(', ')}.`
      : former === null
        ? `Did you mean '${near}'?`
        : `Its place was taken by '${near}'.`
  return {
    severity: 'error',
    code: 'config.unknown-policy',
    message: `There is no policy '${name}'.`,
    hint,
  }
}

function checkOptions({ name, options }: PolicyConfig, type: PolicyType): Problem[] {
  const known = Object.keys(type.defaults)
  const unknown =
    type.acceptsAnyOption === true ? [] : Object.keys(options).filter(key => !known.includes(key))
  return [
    ...type.check({ ...type.defaults, ...options }),
    ...unknown.map((option): Problem => {
      const near = closestName(option, known)
      return {
        severity: 'warning',
        code: 'config.unknown-option',
        message: `'${name}' has no option '${option}'; it changes nothing.`,
        ...(near === null ? {} : { hint: `Did you mean '${near}'?` }),
      }
    }),
  ]
}

/** Of two equally sure policies of one priority the first listed wins, which is seldom meant. */
function samePriorities(configs: readonly PolicyConfig[]): Problem[] {
  const first = new Map<number, string>()
  return configs.flatMap(config => {
    const type = findPolicy(config.name)
    if (type === null) return []
    const priority = numberOption({ ...type.defaults, ...config.options }, 'priority', 1)
    const other = first.get(priority)
    if (other === undefined) first.set(priority, config.name)
    if (other === undefined) return []
    return [
      at(config, {
        severity: 'warning',
        code: 'policy.same-priority',
        message: `'${config.name}' has the priority ${priority}, as '${other}' has.`,
        hint: 'Where both are equally sure, the one that is listed first decides.',
      }),
    ]
  })
}
