// For tests: a provider that signs its tokens, and publishes what they are checked with.

import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'

export interface SigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export function signingKey(id: string): SigningKey {
  return { id, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
}

export interface TokenClaims {
  readonly issuer: string
  readonly audience: string
  /** Seconds from now. */
  readonly expires?: number
  readonly others?: Readonly<Record<string, unknown>>
}

export function signToken(
  { id, privateKey }: SigningKey,
  { issuer, audience, expires = 600, others = {} }: TokenClaims,
): Promise<string> {
  return new SignJWT({ ...others })
    .setProtectedHeader({ alg: 'RS256', kid: id })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(Math.floor(Date.now() / 1000) + expires)
    .sign(privateKey)
}
