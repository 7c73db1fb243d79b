export * from './action.ts'
export type { ActionLog, ActionLogData } from './action-log.ts'
export { actionRunner } from './action-runner.ts'
export type * from './bot-types.ts'
export * from './collecting-dispatcher.ts'
export * from './events.ts'
export { forBot } from './for-bot.ts'
export type { BotFunctions } from './for-bot.ts'
export { FormValidationAction } from './form-validation-action.ts'
export { loadActions } from './load-actions.ts'
export { startActionServer } from './server/start-action-server.ts'
export type { ActionServerOptions, RunningActionServer, TlsFiles } from './server/start-action-server.ts'
export { testAction } from './test-action.ts'
export type { TestResult, TestScene } from './test-action.ts'
export { Tracker } from './tracker.ts'
export * from './validation-action.ts'
export type {
  ActionCall,
  ActionResponse,
  Button,
  DomainJson,
  Entity,
  JsonObject,
  JsonValue,
  ParseData,
  TrackerEvent,
  TrackerState,
} from '@tabula/protocol'
export { ActionQueryKnowledgeBase } from './knowledge-base/action-query-knowledge-base.ts'
export { InMemoryKnowledgeBase } from './knowledge-base/in-memory-knowledge-base.ts'
export type { KnowledgeData } from './knowledge-base/in-memory-knowledge-base.ts'
export { KnowledgeBase } from './knowledge-base/knowledge-base.ts'
export type {
  AttributeFilter,
  Chance,
  KnowledgeObject,
  OrdinalMention,
} from './knowledge-base/knowledge-base.ts'
