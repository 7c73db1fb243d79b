// Passwords as they are stored: scrypt (RFC 7914) with its parameters beside it, so that they can be raised later.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { CodedError } from '@tabula/protocol'

/** 32 MiB and about 0.2 s a hash: one of the sets of parameters that OWASP names as equally good (N = 2^15, r = 8, p = 3). */
export const HASH_COST: HashCost = { N: 2 ** 15, r: 8, p: 3 }
/** Characters of a password that a person chooses. */
export const SHORTEST_PASSWORD = 10
const HASH_BYTES = 32
const SALT_BYTES = 16
const MOST_MEMORY = 64 * 1024 * 1024

export interface HashCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

export interface HashingLimits {
  /** Hashes at work, and callers that may wait for one. */
  readonly hashesAtOnce: number
  readonly waitingHashes: number
}

/** Hashes and checks passwords, a few at once: a flood of logins must not take the machine from the chat. */
export class PasswordHasher {
  readonly #limits: HashingLimits
  readonly #cost: HashCost
  #busy = 0
  readonly #waiting: (() => void)[] = []
  /** What an unknown user's password is compared with, so that it takes as long as a known one's. */
  #dummy: string | null = null

  constructor(limits: HashingLimits, cost: HashCost = HASH_COST) {
    this.#limits = limits
    this.#cost = cost
  }

  /** `scrypt$N$r$p$salt$hash`. Throws CodedError `users.busy` (503) where too many wait, as `check` does. */
  async hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password, this.#cost))
  }

  /** Whether the password is the stored one's; null stands for a user that does not exist: false, after the same work. */
  async check(password: string, stored: string | null): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#dummy ??= await hashPassword(randomBytes(SALT_BYTES).toString('hex'), this.#cost)
      const isRight = await isPassword(password, stored ?? this.#dummy)
      return isRight && stored !== null
    })
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const { hashesAtOnce, waitingHashes } = this.#limits
    if (this.#busy >= hashesAtOnce) {
      if (this.#waiting.length >= waitingHashes) {
        throw new CodedError('users.busy', 'Too many people log in just now. Try again in a moment.', {
          status: 503,
          details: { retryAfter: 1 + Math.floor(Math.random() * 3) },
        })
      }
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    this.#busy += 1
    try {
      return await work()
    } finally {
      this.#busy -= 1
      this.#waiting.shift()?.()
    }
  }
}

async function hashPassword(password: string, cost: HashCost): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const { N, r, p } = cost
  const hash = await derive(password, salt, cost)
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = stored.split('$')
  const expected = Buffer.from(hash ?? '', 'base64url')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const given = await derive(password, Buffer.from(salt ?? '', 'base64url'), cost)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function derive(password: string, salt: Buffer, cost: HashCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Unicode has several spellings of one letter; keyboards differ in which they give.
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MOST_MEMORY }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
