// Tokens that a provider signs with keys which it publishes and changes: fetched when needed, at most every so often, and
// used under the one algorithm that these providers sign with.

import type { KeyObject } from 'node:crypto'
import { isRecord } from '../http/body.ts'
import type { Claims } from '../http/jwt.ts'

export interface SignedTokens {
  /** A token of this issuer for this audience; null for every other. */
  verify(
    token: string,
    expected: { readonly issuer: string; readonly audience: string },
  ): Promise<SignedToken | null>
}

export interface SignedToken {
  readonly claims: Claims
  /** Name of the key that signed it. */
  readonly key: string
}

/** Milliseconds that keys are used for, and that must pass before an unknown name makes them be fetched again. */
const LIFE = 86_400_000
const PAUSE = 60_000
/** Seconds that clocks may differ by. */
const LEEWAY = 300

export function createSignedTokens(
  fetchKeys: () => Promise<ReadonlyMap<string, KeyObject>>,
  now: () => number = () => performance.now(),
): SignedTokens {
  let keys: ReadonlyMap<string, KeyObject> = new Map()
  let fetchedAt = -Infinity
  let fetching: Promise<void> | null = null
  const refresh = async (): Promise<void> => {
    fetchedAt = now()
    const fetched = await fetchKeys()
    if (fetched.size > 0) keys = fetched
  }
  const keyOf = async (name: string): Promise<KeyObject | undefined> => {
    const age = now() - fetchedAt
    if (fetching === null && (age > LIFE || (!keys.has(name) && age > PAUSE))) {
      fetching = refresh().finally(() => {
        fetching = null
      })
    }
    if (!keys.has(name)) await fetching
    return keys.get(name)
  }
  return {
    async verify(token, { issuer, audience }) {
      const { decodeProtectedHeader, jwtVerify } = await import('jose')
      try {
        const { kid = '' } = decodeProtectedHeader(token)
        const key = await keyOf(kid)
        if (key === undefined) return null
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['RS256'],
          issuer,
          audience,
          clockTolerance: LEEWAY,
          requiredClaims: ['exp'],
        })
        const claims: unknown = payload
        return isRecord(claims) ? { claims, key: kid } : null
      } catch {
        return null
      }
    },
  }
}
