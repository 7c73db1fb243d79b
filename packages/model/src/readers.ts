// Reading loads the YAML reader when it is first wanted: a server that loads a model need not wait for it.

import type { NluTrainingData } from '@tabula/nlu'
import type { JsonObject } from '@tabula/protocol'
import type { Problem } from '@tabula/protocol'
import type { Migration } from './ages/migrate-project.ts'
import type { ProjectConfig } from './project/read-config.ts'
import type { AddOptions, NluChange } from './write/add-nlu-data.ts'
import type { EntryLines } from './write/insert-entries.ts'
import type { DataFiles, DataPaths, Project, ProjectPaths } from './project/read-project.ts'

/** The project, as `project/read-project.ts` says. Throws ProjectError with all errors and warnings of all its files. */
export async function readProject(
  paths: ProjectPaths = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Project> {
  const reader = await import('./project/read-project.ts')
  return reader.readProject(paths, environment)
}

/** The settings of endpoints.yml or credentials.yml; null where the file is missing. Throws ProjectError on a fault. */
export async function readSettings(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<JsonObject | null> {
  const reader = await import('./project/read-settings.ts')
  return reader.readSettings(file, environment)
}

/** Training data without a config, as `project/read-project.ts` says. Throws ProjectError with all that is wrong in them. */
export async function readDataFiles(
  paths: DataPaths,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<DataFiles> {
  const reader = await import('./project/read-project.ts')
  return reader.readDataFiles(paths, environment)
}

/** A config alone, with what is wrong in it: errors are not thrown here. */
export async function readConfigFile(
  paths: Pick<ProjectPaths, 'root' | 'config'> = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly config: ProjectConfig; readonly problems: readonly Problem[] }> {
  const reader = await import('./project/read-project.ts')
  return reader.readConfigFile(paths, environment)
}

/** What a project of Rasa 1 or 2 is in the files of Rasa 3, as `ages/migrate-project.ts` says; nothing is written. */
export async function migrateProject(
  paths: ProjectPaths = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Migration> {
  const { migrateProject: migrate } = await import('./ages/migrate-project.ts')
  return migrate(paths, environment)
}

/** The project's NLU files with the data added, as `write/add-nlu-data.ts` says; nothing is written. */
export async function addNluData(
  project: Pick<Project, 'root' | 'nlu' | 'files'>,
  data: NluTrainingData,
  options: AddOptions = {},
): Promise<NluChange> {
  const { addNluData: add } = await import('./write/add-nlu-data.ts')
  return add(project, data, options)
}

/** The text of a YAML file with entries below a top-level key, as `write/insert-entries.ts` says. */
export async function insertEntries(
  text: string,
  file: string,
  section: { readonly key: string; readonly kind: 'list' | 'map' },
  entries: readonly EntryLines[],
): Promise<string> {
  const { insertEntries: insert } = await import('./write/insert-entries.ts')
  return insert(text, file, section, entries)
}
