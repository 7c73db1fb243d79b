// Counts logins that failed, so that a password cannot be tried out: by account and address together, so that nobody is
// locked out by somebody else, and by address alone.

import { CodedError } from '@tabula/protocol'
import type { Knex } from 'knex'

export interface LoginLimits {
  readonly loginsPerAccount: number
  /** Seconds that they are counted over. */
  readonly loginAccountWindow: number
  readonly loginsPerAddress: number
  readonly loginAddressWindow: number
}

export interface Attempt {
  /** Takes the attempt and those before it back: the login was right. */
  succeeded(): Promise<void>
}

interface AttemptRow {
  readonly id: number | string
  readonly counted_by: string
  readonly time: number
}

export class LoginAttempts {
  readonly #knex: Knex
  readonly #limits: LoginLimits
  readonly #now: () => number

  /** `now` in seconds since 1970. */
  constructor(knex: Knex, limits: LoginLimits, now: () => number) {
    this.#knex = knex
    this.#limits = limits
    this.#now = now
  }

  /** Counts this attempt before its password is looked at; throws CodedError `users.too-many-logins` (429). */
  async begin(email: string, address: string): Promise<Attempt> {
    const { loginsPerAccount, loginAccountWindow, loginsPerAddress, loginAddressWindow } = this.#limits
    const account = `account ${email} ${address}`
    const counted = await this.#count(`address ${address}`, loginsPerAddress, loginAddressWindow)
    await this.#count(account, loginsPerAccount, loginAccountWindow)
    await this.#knex<AttemptRow>('login_attempts')
      .where('time', '<', this.#now() - Math.max(loginAccountWindow, loginAddressWindow))
      .delete()
    return {
      succeeded: async () => {
        await this.#knex<AttemptRow>('login_attempts')
          .where('counted_by', account)
          .orWhere('id', counted)
          .delete()
      },
    }
  }

  /** The number of the attempt. Written first and counted then: of attempts at one time each sees those before it. */
  async #count(key: string, limit: number, window: number): Promise<number> {
    const since = this.#now() - window
    const rows = await this.#knex<AttemptRow>('login_attempts')
      .insert({ counted_by: key, time: this.#now() })
      .returning('id')
    const id = Number(rows[0]?.id ?? 0)
    const before = await this.#knex<AttemptRow>('login_attempts')
      .where('counted_by', key)
      .andWhere('time', '>', since)
      .andWhere('id', '<', id)
      .orderBy('id')
      .select('time')
    if (before.length < limit) return id
    await this.#knex<AttemptRow>('login_attempts').where('id', id).delete()
    const oldest = before[before.length - limit]?.time ?? this.#now()
    throw new CodedError('users.too-many-logins', 'Too many logins failed. Try again later.', {
      status: 429,
      details: { retryAfter: Math.max(1, Math.ceil(oldest + window - this.#now())) },
    })
  }
}
