export type {
  ClassificationReport,
  ConfusionMatrix,
  LabelScores,
  ReportJson,
} from './classification-report.ts'
export { type ComparedModel, compareConfigs, type Comparison, type NamedConfig } from './compare-configs.ts'
export { type CrossValidation, crossValidate, type FoldScores } from './cross-validate.ts'
export type { EntityEvaluation } from './evaluate-entities.ts'
export { evaluateNlu, type LabelEvaluation, type NluEvaluation } from './evaluate-nlu.ts'
export {
  type ActionResult,
  evaluateStories,
  type MessageResult,
  type PlayedStory,
  type StoryEvaluation,
  type StoryModel,
} from './evaluate-stories.ts'
export type { IntentResult } from './parse-examples.ts'
export { sampleStories, splitExamples, splitItems } from './split-examples.ts'
export { actionsOf, messagesOf, storyReport, type StoryReport } from './story-report.ts'
export { writePlayedStories } from './write-played-stories.ts'
