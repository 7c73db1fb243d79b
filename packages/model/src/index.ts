export { readProject, type Project, type ProjectPaths } from './project/read-project.ts'
export { readSettings } from './project/read-settings.ts'
export type { ProjectConfig } from './project/read-config.ts'
