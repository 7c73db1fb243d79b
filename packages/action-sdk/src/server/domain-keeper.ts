// Keeps the domains that calls have brought, so that a server of ours need not send one with every call.

import { createHash } from 'node:crypto'
import type { DomainJson } from '@tabula/protocol'

/** Models that are served by one action server at a time, old and new ones of a rollout included. */
const MOST = 16

export class DomainKeeper {
  readonly #domains = new Map<string, DomainJson>()

  /** The domain of that digest; undefined where it is not kept. */
  find(digest: string): DomainJson | undefined {
    const domain = this.#domains.get(digest)
    if (domain !== undefined) this.#touch(digest, domain)
    return domain
  }

  /** Whether it is kept from now on: only under its own digest, so that nobody can put a wrong domain before others. */
  keep(digest: string, domain: DomainJson): boolean {
    if (this.#domains.has(digest)) return true
    if (createHash('sha256').update(JSON.stringify(domain)).digest('hex') !== digest) return false
    freeze(domain)
    this.#touch(digest, domain)
    const oldest = this.#domains.keys().next()
    if (this.#domains.size > MOST && oldest.done !== true) this.#domains.delete(oldest.value)
    return true
  }

  #touch(digest: string, domain: DomainJson): void {
    this.#domains.delete(digest)
    this.#domains.set(digest, domain)
  }
}

/** Many calls share it, so no handler may change it. */
function freeze(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return
  Object.freeze(value)
  Object.values(value).forEach(freeze)
}
