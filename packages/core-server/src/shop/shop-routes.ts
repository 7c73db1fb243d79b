// The route table of the public API.

import type { PublicRoute } from './public-route.ts'
import { assistantRoutes } from './routes/assistant-routes.ts'
import { authRoutes } from './routes/auth-routes.ts'
import { conversationRoutes } from './routes/conversation-routes.ts'
import { fileRoutes } from './routes/file-routes.ts'
import { handOverRoutes } from './routes/hand-over-routes.ts'
import { liveRoutes } from './routes/live-routes.ts'
import { overviewRoutes } from './routes/overview-routes.ts'
import { reviewRoutes } from './routes/review-routes.ts'
import { userRoutes } from './routes/user-routes.ts'
import { visitorRoutes } from './routes/visitor-routes.ts'
import type { ShopParts } from './shop-parts.ts'

export function shopRoutes(parts: ShopParts): readonly PublicRoute[] {
  return [
    ...assistantRoutes(parts),
    ...visitorRoutes(parts),
    ...fileRoutes(parts),
    ...authRoutes(parts),
    ...conversationRoutes(parts),
    ...handOverRoutes(parts),
    ...reviewRoutes(parts),
    ...liveRoutes(parts),
    ...overviewRoutes(parts),
    ...userRoutes(parts),
  ]
}
