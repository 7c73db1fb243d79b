export { ARCHIVE_LIMITS, readArchive } from './archive/archive.ts'
export * from './evaluate/index.ts'
export type { ModelMetadata } from './archive/metadata.ts'
export { latestModel, loadModel, loadModelBytes, type Model } from './load-model.ts'
export type { DataFiles, DataPaths, Project, ProjectPaths } from './project/read-project.ts'
export { fileOfClass, isClassPath, loadProjectClass } from './project/project-classes.ts'
export type { ProjectConfig } from './project/read-config.ts'
export {
  addNluData,
  insertEntries,
  migrateProject,
  readConfigFile,
  readDataFiles,
  readProject,
  readSettings,
} from './readers.ts'
export { isStale } from './train/is-stale.ts'
export {
  trainModel,
  type TrainedModel,
  type TrainingProgress,
  type TrainModelOptions,
} from './train/train-model.ts'
export type { TrainingReason } from './train/last-plan.ts'
export type { TrainingScope } from './train/training-scope.ts'
export { fails, type Finding } from './validate/finding.ts'
export { inspectProject } from './validate/inspect-project.ts'
export { validateProject } from './validate/validate-project.ts'
export type { NluChange } from './write/add-nlu-data.ts'
export { annotate } from './write/annotate.ts'
export { type DomainAddition, domainAdditions } from './write/domain-additions.ts'
export { examplesOfEvents } from './write/examples-of-events.ts'
export { storyOfEvents } from './write/story-of-events.ts'
export { readAnnotations } from './project/annotations.ts'
export { writeNluJson } from './write/write-nlu-json.ts'
export { writeNluMarkdown } from './write/write-nlu-markdown.ts'
export { writeNluYaml } from './write/write-nlu-yaml.ts'
export { storyLines, writeStoriesYaml } from './write/write-stories-yaml.ts'
export type { Migration } from './ages/migrate-project.ts'
export type { GraphEdge, GraphNode, StoryGraph } from './visualize/story-graph.ts'
export { visualizeStories } from './visualize/visualize-stories.ts'
export { evaluateMarkers, type MarkerOptions, type MarkerTables } from './markers/evaluate-markers.ts'
