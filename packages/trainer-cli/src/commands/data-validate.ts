// bot data validate: mistakes across the files of a project, without training.

import { fails, inspectProject, readProject } from '@tabula/model'
import { type Console, print, printJson } from '../console.ts'
import { existingPath, existingPaths } from './existing-path.ts'
import { showProblems } from '../output/show-problems.ts'

export interface ValidateFlags {
  readonly config?: string
  readonly domain?: string
  readonly data?: readonly string[]
  readonly failOnWarnings?: boolean
  readonly maxHistory?: number
  readonly what?: 'all' | 'stories'
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
  const { maxHistory, what } = flags
  const findings = await inspectProject(project, {
    ...(maxHistory === undefined ? {} : { maxHistory }),
    ...(what === undefined ? {} : { what }),
  })
  const all = [...project.problems, ...findings]
  showProblems(all, project.root, console)
  printJson(console, { problems: all })
  if (fails(findings, flags.failOnWarnings === true)) return 1
  print(console, all.length === 0 ? 'No mistakes were found.' : 'No mistakes were found that stop training.')
  return 0
}
