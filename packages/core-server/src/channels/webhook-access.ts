// Rasa's webhooks are open. Ours can be closed, off by default: `webhook_token`, or `jwt_key` with `jwt_method`, in the
// channel's entry of credentials.yml.

import {
  bearerToken,
  createJwtVerifier,
  isShortSecret,
  refuseShortSecret,
  warnOfShortSecret,
} from '../http/jwt.ts'
import { textArgument } from '../http/query.ts'
import type { Context } from 'koa'
import { notAuthenticated, userIn } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import { isSameSecret } from '../http/same-secret.ts'
import type { ChannelHost } from './channel.ts'
import { optionalText } from './settings.ts'
import type { ChannelSettings } from './settings.ts'

/** Who is let in: whoever has the shared token or the role `admin`, or a user by JWT, whose name the messages then bear. */
export type Visitor = { readonly kind: 'anyone' } | { readonly kind: 'user'; readonly name: string }

export interface WebhookAccess {
  /** Whether anybody is let in. */
  readonly isOpen: boolean
  /** Whether its key could be guessed, as one of Rasa's may be. */
  readonly isWeak: boolean
  /** The visitor with this token; null where it lets nobody in. */
  admit(token: string | null): Promise<Visitor | null>
}

/** Where Rasa has a `jwt_key` too, of any length; on other channels it is a setting of our own. */
const OF_RASA = 'socketio'

/** Throws CodedError `jwt.settings` for a key that cannot work, and `jwt.short-secret` where it could be guessed. */
export function createWebhookAccess(settings: ChannelSettings, channel: string): WebhookAccess {
  const shared = optionalText(settings, 'webhook_token')
  const key = optionalText(settings, 'jwt_key')
  const method = optionalText(settings, 'jwt_method')
  const jwt = key === undefined ? null : { secret: key, ...(method === undefined ? {} : { method }) }
  const verify = jwt === null ? null : createJwtVerifier(jwt, keyOf(channel))
  if (jwt !== null && channel !== OF_RASA) refuseShortSecret(jwt, keyOf(channel))
  return {
    isOpen: shared === undefined && verify === null,
    isWeak: jwt !== null && isShortSecret(jwt),
    async admit(token) {
      if (shared === undefined && verify === null) return { kind: 'anyone' }
      if (token === null) return null
      if (shared !== undefined && isSameSecret(token, shared)) return { kind: 'anyone' }
      const claims = verify === null ? null : await verify(token)
      const user = claims === null ? null : userIn(claims)
      if (user === null) return null
      if (user.role === 'admin') return { kind: 'anyone' }
      const name = user.name ?? claims?.['sub']
      return typeof name === 'string' && name !== '' ? { kind: 'user', name } : null
    },
  }
}

/** Who asks, by bearer token, `?token=` or `X-Webhook-Token`; throws 401 where nobody is let in with it. */
export async function visitorOf(ctx: Context, access: WebhookAccess): Promise<Visitor> {
  if (access.isOpen) return { kind: 'anyone' }
  const header = ctx.get('X-Webhook-Token')
  const token = bearerToken(ctx.get('Authorization')) ?? (header === '' ? textArgument(ctx, 'token') : header)
  const visitor = await access.admit(token ?? null)
  if (visitor === null) throw notAuthenticated()
  return visitor
}

/** The sender of a message: a user's own name, whatever the message says; throws 403 where it names another. */
export function senderOf(visitor: Visitor, named: string, given: unknown): string {
  if (visitor.kind === 'anyone') return named
  if (given === undefined || given === null || named === visitor.name) return visitor.name
  throw new ApiError({
    status: 403,
    reason: 'NotAuthorized',
    message: 'The token belongs to another user than the sender of the message.',
  })
}

function keyOf(channel: string): string {
  return `credentials.yml: ${channel}: jwt_key`
}

/** Says at start what is open, and what is closed with a key that could be guessed. */
export function warnOfAccess(
  { log }: Pick<ChannelHost, 'log'>,
  channel: string,
  access: WebhookAccess,
): void {
  if (access.isWeak) warnOfShortSecret(log, keyOf(channel))
  if (!access.isOpen) return
  log.warn(
    { code: 'channel.open', channel },
    `The ${channel} webhook is open, as Rasa's is: anybody who reaches it can write as any sender. webhook_token or jwt_key in credentials.yml closes it.`,
  )
}
