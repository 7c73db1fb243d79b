// What is wrong with a config's pipeline and policies, once the classes of the project are known.

import { checkPolicies } from '@tabula/dialogue'
import { checkPipeline } from '@tabula/nlu'
import type { Problem } from '@tabula/protocol'
import { registerProjectClasses } from './project-classes.ts'
import type { ProjectConfig } from './read-config.ts'

/** All errors and warnings; a class of the project that cannot be used is an error at its place. `isStrict` refuses stand-ins. */
export async function checkComponents(
  { pipeline, policies, language }: ProjectConfig,
  root: string,
  isStrict: boolean,
): Promise<Problem[]> {
  const failed = await registerProjectClasses(root, {
    components: pipeline.map(({ name }) => name),
    policies: policies.map(({ name }) => name),
    slotTypes: [],
  })
  const isUsable = ({ name }: { readonly name: string }): boolean => !failed.has(name)
  const unusable = [...pipeline, ...policies].flatMap(({ name, position }): Problem[] => {
    const error = failed.get(name)
    if (error === undefined) return []
    const { code, message } = error
    return [{ severity: 'error', code, message, ...(position === undefined ? {} : { position }) }]
  })
  return [
    ...unusable,
    ...(pipeline.every(isUsable) ? checkPipeline(pipeline, language, { strict: isStrict }) : []),
    ...checkPolicies(policies.filter(isUsable)),
  ]
}
