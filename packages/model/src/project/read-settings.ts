// endpoints.yml and credentials.yml: maps of settings by name, with `${VAR}` filled in.

import type { JsonObject } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import { readText } from './files.ts'
import { readYaml } from './read-yaml.ts'
import { describe, mapToJson, Problems } from './yaml-node.ts'

/** The settings of the file; null where it is missing, an empty map where it is empty. Throws ProjectError on a fault. */
export async function readSettings(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<JsonObject | null> {
  const text = await readText(file)
  if (text === null) return null
  const problems = new Problems()
  const tree = readYaml(text, file, problems, environment)
  if (tree !== null && tree.kind !== 'map' && !(tree.kind === 'scalar' && tree.value === null))
    problems.error(
      'settings.not-a-map',
      tree.position,
      `The file is ${describe(tree)}.`,
      'Write names with their settings below, such as `rest:`.',
    )
  if (problems.all.length > 0) throw new ProjectError(problems.all)
  return tree?.kind === 'map' ? mapToJson(tree) : {}
}
