// All routes of the HTTP API, in one list.

import type { ApiRoute } from './api-route.ts'
import { canaryRoutes } from './canary-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'
import type { ConversationRouteParts } from './conversation-routes.ts'
import { modelRoutes } from './model-routes.ts'
import type { ModelRouteParts } from './model-routes.ts'
import { VERSION_ROUTE } from './service-routes.ts'
import { testRoutes } from './test-routes.ts'
import type { TestRouteParts } from './test-routes.ts'
import { trainingRoutes } from './training-routes.ts'

export type ApiParts = ConversationRouteParts & ModelRouteParts & TestRouteParts

export function apiRoutes(parts: ApiParts): readonly ApiRoute[] {
  return [
    VERSION_ROUTE,
    ...modelRoutes(parts),
    ...trainingRoutes(parts),
    ...testRoutes(parts),
    ...canaryRoutes(parts.models),
    ...conversationRoutes(parts),
  ]
}
