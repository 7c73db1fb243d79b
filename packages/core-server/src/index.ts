export type {
  AssistantOptions,
  Assistants,
  Role,
  RunningServer,
  ServerOptions,
  Settings,
} from './config/server-options.ts'
export type { CustomBroker, CustomBrokerClass } from './brokers/custom-event-broker.ts'
export { LIMITS } from './config/limits.ts'
export { listOf, NEW_SECRET_KEY, readShopSettings } from './config/shop-settings.ts'
export { SHORTEST_SECRET } from './users/session-token.ts'
export type { ShopSettings } from './config/shop-settings.ts'
export { openShopDatabase } from './database/shop-database.ts'
export type { ShopDatabase, ShopDatabaseOptions } from './database/shop-database.ts'
export { flagSetting, numberSetting, showSettings, textSetting } from './config/settings.ts'
export type { SettingName, ShownSetting } from './config/settings.ts'
export { start } from './main.ts'
export type { ServedModel } from './model-host/served-model.ts'
export { LOG_LEVELS } from './telemetry/log.ts'
export type { LogLevel } from './telemetry/log.ts'
export { openConversations, openSinks } from './tools/conversation-source.ts'
export type { ConversationSink, ConversationSource, StoredConversation } from './tools/conversation-source.ts'
export type { CustomStore, CustomStoreClass, Retrieved } from './tracker-store/custom-tracker-store.ts'
