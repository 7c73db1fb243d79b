// The model that a project is served with where one process is all there is.

import { join } from 'node:path'
import { isStale, latestModel, readProject, validateProject } from '@tabula/model'
import { trainProject } from '../commands/train.ts'
import { type Console, tell } from '../console.ts'
import { showProblems } from '../output/show-problems.ts'

/** The project's newest model if it is of the project as it is now; else one trained now. */
export async function upToDateModel(folder: string, console: Console): Promise<string> {
  const project = await readProject({ root: folder }, console.environment)
  const known = await latestModel(join(folder, 'models'))
  if (known !== null && !(await isStale(project, known))) return known
  tell(console, known === null ? 'Training the first model …' : 'The files have changed; training anew …')
  showProblems([...project.problems, ...validateProject(project)], folder, console)
  const { file } = await trainProject(project, {}, console)
  return file
}
