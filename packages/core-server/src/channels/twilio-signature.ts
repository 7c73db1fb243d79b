// Twilio signs the address that it called and the fields that it sent, so the address as Twilio saw it must be known.
// https://www.twilio.com/docs/usage/webhooks/webhooks-security

import type { Context } from 'koa'
import { isSameSecret } from '../http/same-secret.ts'
import { hmac, unverified } from './webhook.ts'

/**
 * Throws 403 unless the fields bear a signature of this token over the webhook's public address: the one that is set,
 * else every address that the request may have been called by. Whoever forges the headers cannot forge the signature.
 */
export function checkTwilioSignature(
  ctx: Context,
  fields: URLSearchParams,
  token: string,
  publicUrl: string | undefined,
): void {
  const given = ctx.get('X-Twilio-Signature')
  const tail = [...fields.entries()]
    .toSorted(([left, one], [right, other]) => order(left, right) || order(one, other))
    .map(([name, value]) => `${name}${value}`)
    .join('')
  const isSigned = addresses(ctx, publicUrl).some(url =>
    isSameSecret(given, hmac('sha1', token, `${url}${tail}`, 'base64')),
  )
  if (!isSigned) {
    throw unverified(
      403,
      'The request is not signed by Twilio for this address; behind a proxy set webhook_url in credentials.yml.',
    )
  }
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Twilio signs with the port or without it. */
function addresses(ctx: Context, publicUrl: string | undefined): readonly string[] {
  if (publicUrl !== undefined) {
    const url = new URL(publicUrl)
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
    const rest = `${url.pathname}${ctx.search === '' ? url.search : ctx.search}`
    return [`${url.protocol}//${url.hostname}${rest}`, `${url.protocol}//${url.hostname}:${port}${rest}`]
  }
  const hosts = new Set([ctx.get('Host'), ctx.get('X-Forwarded-Host')].filter(host => host !== ''))
  return [...hosts].flatMap(host => {
    const bare = host.replace(/:\d+$/, '')
    return ['https', 'http'].flatMap(scheme =>
      [...new Set([host, bare, `${bare}:${scheme === 'https' ? 443 : 80}`])].map(
        each => `${scheme}://${each}${ctx.originalUrl}`,
      ),
    )
  })
}
