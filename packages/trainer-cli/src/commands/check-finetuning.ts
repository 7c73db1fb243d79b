// --finetune: what Rasa refuses there is refused here too; the training itself takes what has not changed from the cache.

import { resolve } from 'node:path'
import { latestModel, loadModel, type Project } from '@tabula/model'
import { CodedError, ProjectError } from '@tabula/protocol'
import type { Console } from '../console.ts'

/** Options that may differ between a model and what it is fine-tuned to. */
const MAY_DIFFER = ['epochs']

/** Throws CodedError where there is no model, or the project has grown names or changed its config since. */
export async function checkFinetuning(
  project: Project,
  model: string | true,
  console: Console,
): Promise<void> {
  const path = model === true ? 'models' : model
  const file = await latestModel(resolve(console.folder, path))
  if (file === null)
    throw new CodedError(
      'finetune.no-model',
      `There is no model at '${path}' to fine-tune. Train without --finetune first.`,
    )
  const { metadata, domain } = await loadModel(file)
  const names = (kind: 'nlu' | 'core'): string[] =>
    metadata.components
      .filter(component => component.kind === kind)
      .map(({ name, options }) => describe(name, options))
  const wanted = {
    nlu: project.config.pipeline.map(({ name, options }) => describe(name, options)),
    core: project.config.policies.map(({ name, options }) => describe(name, options)),
  }
  const changed = (['nlu', 'core'] as const).some(
    kind => names(kind).length > 0 && JSON.stringify(names(kind)) !== JSON.stringify(wanted[kind]),
  )
  if (changed)
    throw new CodedError(
      'finetune.config',
      `The config is not that of the model ${path}, but for the number of epochs. Train without --finetune.`,
    )
  const added = [
    ...newNames('intent', project.domain.intents, [...domain.intents.keys()]),
    ...newNames('entity', project.domain.entities, [...domain.entities.keys()]),
    ...newNames('action', project.domain.actions, domain.actions),
  ]
  if (added.length > 0)
    throw new ProjectError(
      added.map(name => ({
        severity: 'error',
        code: 'finetune.new-name',
        message: `The ${name} is not in the model that is to be fine-tuned.`,
        hint: 'Train without --finetune.',
      })),
    )
}

function describe(name: string, options: object): string {
  const kept = Object.entries(options).filter(([key]) => !MAY_DIFFER.includes(key))
  return JSON.stringify([name, kept.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

function newNames(
  kind: string,
  items: readonly (string | object)[] | undefined,
  known: readonly string[],
): string[] {
  return (items ?? [])
    .map(item => (typeof item === 'string' ? item : (Object.keys(item)[0] ?? '')))
    .filter(name => !known.includes(name))
    .map(name => `${kind} '${name}'`)
}
