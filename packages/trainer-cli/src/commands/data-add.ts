// bot data add: puts the examples of a file, such as the one of the page "Misunderstood", into the project's NLU files.

import { addNluData, fails, readDataFiles } from '@tabula/model'
import { CodedError, type Problem } from '@tabula/protocol'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Console, print, printJson, tell } from '../console.ts'
import { showProblems } from '../output/show-problems.ts'
import { writeFiles } from '../output/write-files.ts'
import { openProject } from './train.ts'

export interface AddFlags {
  readonly config?: string
  readonly domain?: string
  readonly data?: readonly string[]
  /** The file for what no file has an item for. */
  readonly to?: string
  readonly dryRun?: boolean
}

/** 0 where all was added or was there already; 1 where some of it contradicts the project and was left out. */
export async function addData(files: readonly string[], flags: AddFlags, console: Console): Promise<number> {
  const { config = 'config.yml', domain = 'domain.yml', data = ['data'], to, dryRun } = flags
  for (const file of files)
    if (!existsSync(resolve(console.folder, file)))
      throw new CodedError('cli.missing-file', `There is no file ${file}.`)
  const project = await openProject({ scope: 'both', config: [config], domain, data }, console)
  const patch = await readDataFiles({ root: console.folder, data: files }, console.environment)
  const change = await addNluData(project, patch.nlu, to === undefined ? {} : { to })
  const problems = [
    ...patch.problems,
    ...change.problems,
    ...unknownIntents(change.added, project.domain.intents),
  ]
  showProblems(problems, console.folder, console)
  const written = dryRun === true ? new Map<string, string>() : change.writes
  await writeFiles(console.folder, written)
  for (const { file, kind, name, lines } of change.added)
    print(console, `${file}: ${kind} ${name}\n${lines.map(line => `  + ${line}`).join('\n')}`)
  const count = change.added.reduce((sum, { lines }) => sum + lines.length, 0)
  print(
    console,
    `${count} ${dryRun === true ? 'would be added' : 'added'}, ${change.known.length} were there already, ${change.problems.length} refused.`,
  )
  printJson(console, {
    added: change.added,
    known: change.known,
    problems,
    written: [...written.keys()],
    dry_run: dryRun === true,
  })
  if (count > 0 && dryRun !== true) tell(console, 'Next: bot data validate, then bot train')
  return fails(change.problems, false) ? 1 : 0
}

/** Examples of an intent that the domain does not list teach nothing. */
function unknownIntents(
  added: readonly { readonly kind: string; readonly name: string; readonly file: string }[],
  intents: readonly (string | object)[] = [],
): Problem[] {
  const known = new Set(intents.map(each => (typeof each === 'string' ? each : Object.keys(each)[0])))
  return added
    .filter(({ kind, name }) => kind === 'intent' && !known.has(name.split('/')[0]))
    .map(({ name }) => ({
      severity: 'warning',
      code: 'add.unknown-intent',
      message: `The intent '${name}' is not in the domain.`,
      hint: 'Add it below intents: of the domain, and say in a story or rule what follows it.',
    }))
}
