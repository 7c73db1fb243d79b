// JSON Web Tokens (RFC 7519) are checked here alone, by one key and one algorithm that the server was told: what a token
// says about itself (alg, kid, jku, x5u) chooses nothing, as RFC 8725 asks.

import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import { isRecord } from './body.ts'

export const JWT_METHODS = [
  ...['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512'],
  ...['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'],
] as const

export interface JwtSettings {
  /** The shared secret of an HS method, else the public key or certificate as PEM. */
  readonly secret: string
  /** Default HS256. */
  readonly method?: string
  /** What `iss` must say. */
  readonly issuer?: string
  /** What `aud` must hold; without it a token that has an audience is for somebody else, as in Rasa. */
  readonly audience?: string
  /** Refuses tokens that never expire; Rasa takes them. */
  readonly requiresExpiry?: boolean
}

export type Claims = Readonly<Record<string, unknown>>

/** The claims of a valid token, null for every other; it never throws for what a token holds. */
export type VerifyJwt = (token: string) => Promise<Claims | null>

/** Seconds that clocks may differ by: what Rasa's library allows. */
const LEEWAY = 180
const MIN_RSA_BITS = 2048

/**
 * RFC 8725 and RFC 7518 want the secret of an HS method as long as its hash. Rasa takes any, so a shorter one is warned of in
 * settings that are Rasa's, whose deployments have such ones, and refused in settings of our own.
 */
const SECRET_BYTES = 32

/** Whether the secret could be guessed from a token. */
export function isShortSecret({ secret, method = 'HS256' }: JwtSettings): boolean {
  return method.startsWith('HS') && Buffer.byteLength(secret) < SECRET_BYTES
}

export function warnOfShortSecret(log: Log, place: string): void {
  log.warn({ code: 'jwt.short-secret', place }, `${place} ${SHORT}`)
}

const SHORT = `is shorter than ${SECRET_BYTES} bytes: it can be guessed from any token. Make one with: openssl rand -hex 32`

/** Throws CodedError `jwt.short-secret` (400) for a secret that could be guessed. */
export function refuseShortSecret(settings: JwtSettings, place: string): void {
  if (isShortSecret(settings)) throw new CodedError('jwt.short-secret', `${place} ${SHORT}`, { status: 400 })
}

/** Throws CodedError `jwt.*` (400) for a method or a key that cannot work; `place` names the setting. */
export function createJwtVerifier(settings: JwtSettings, place: string): VerifyJwt {
  const { method = 'HS256', issuer, audience, requiresExpiry = false } = settings
  const key = readKey(settings.secret, method, place)
  return async function verifyJwt(token) {
    const { jwtVerify } = await import('jose')
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [method],
        clockTolerance: LEEWAY,
        ...(issuer === undefined ? {} : { issuer }),
        ...(audience === undefined ? {} : { audience }),
        ...(requiresExpiry ? { requiredClaims: ['exp'] } : {}),
      })
      const claims: unknown = payload
      if (!isRecord(claims) || Object.hasOwn(claims, '__proto__')) return null
      return audience === undefined && claims['aud'] !== undefined ? null : claims
    } catch {
      return null
    }
  }
}

/** The token of an `Authorization: Bearer` header, null without one. */
export function bearerToken(authorization: string): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? null
}

function readKey(secret: string, method: string, place: string): Uint8Array | KeyObject {
  if (!JWT_METHODS.some(known => known === method)) {
    throw refused(place, `there is no method ${method}. There are ${JWT_METHODS.join(', ')}.`)
  }
  const isPem = secret.includes('-----BEGIN ')
  if (method.startsWith('HS')) {
    if (secret === '') throw refused(place, 'the secret is empty.')
    // A public key as a shared secret would let everybody sign who can read it.
    if (isPem) throw refused(place, `the secret of ${method} is a key in PEM. Name the key's own method.`)
    return new TextEncoder().encode(secret)
  }
  if (!isPem) throw refused(place, `${method} needs a public key as PEM; found a text of another kind.`)
  return publicKey(secret, method, place)
}

const KEY_TYPES: Readonly<Record<string, string>> = { RS: 'rsa', PS: 'rsa', ES: 'ec' }
const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

function publicKey(pem: string, method: string, place: string): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    throw refused(place, 'the key is no readable PEM.')
  }
  const { modulusLength = MIN_RSA_BITS, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== KEY_TYPES[method.slice(0, 2)] || namedCurve !== CURVES[method]) {
    const found = [key.asymmetricKeyType, namedCurve].filter(Boolean).join(' ')
    throw refused(place, `the key is of the kind ${found}, which does not fit ${method}.`)
  }
  if (modulusLength < MIN_RSA_BITS) {
    throw refused(place, `the RSA key has ${modulusLength} bits; it needs ${MIN_RSA_BITS}.`)
  }
  return key
}

function refused(place: string, why: string): CodedError {
  return new CodedError('jwt.settings', `${place}: ${why}`, { status: 400 })
}
