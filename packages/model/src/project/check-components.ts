// What is wrong with a config's pipeline, once the project's own components are loaded.

import { checkPipeline, loadCustomComponents } from '@tabula/nlu'
import type { Problem } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { ProjectConfig } from './read-config.ts'

/** All errors and warnings; a component of the project that cannot be loaded is an error at its place. `isStrict` refuses stand-ins. */
export async function checkComponents(
  { pipeline, language }: ProjectConfig,
  root: string,
  isStrict: boolean,
): Promise<Problem[]> {
  const unloadable: Problem[] = []
  for (const config of pipeline) {
    try {
      await loadCustomComponents([config], root)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const { code, message } = error
      const { position } = config
      unloadable.push({
        severity: 'error',
        code,
        message,
        ...(position === undefined ? {} : { position }),
      })
    }
  }
  return unloadable.length > 0 ? unloadable : checkPipeline(pipeline, language, { strict: isStrict })
}
