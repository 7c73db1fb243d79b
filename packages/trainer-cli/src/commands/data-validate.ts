// bot data validate: mistakes across the files of a project, without training.

import { fails, readProject, validateProject } from '@tabula/model'
import { type Console, print } from '../console.ts'
import { existingPath, existingPaths } from './existing-path.ts'
import { showProblems } from '../output/show-problems.ts'

export interface ValidateFlags {
  readonly config?: string
  readonly domain?: string
  readonly data?: readonly string[]
  readonly failOnWarnings?: boolean
}

/** 0 where nothing is wrong, 1 on errors, and on warnings where these are asked to fail. */
export async function validate(flags: ValidateFlags, console: Console): Promise<number> {
  const { config = 'config.yml', domain = 'domain.yml', data = ['data'] } = flags
  const project = await readProject(
    {
      root: console.folder,
      config: existingPath(config, 'config.yml', console),
      domain: existingPath(domain, 'domain.yml', console),
      data: existingPaths(data, 'data', console),
    },
    console.environment,
  )
  const findings = validateProject(project)
  const all = [...project.problems, ...findings]
  showProblems(all, project.root, console)
  if (fails(findings, flags.failOnWarnings === true)) return 1
  print(console, all.length === 0 ? 'No mistakes were found.' : 'No mistakes were found that stop training.')
  return 0
}
