// The JSON of an action call: Rasa's keys and values. Also whether the domain goes along, which is most of it.

import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ActionCall, DomainJson } from '@tabula/protocol'
import { DOMAIN_DIGEST_HEADER, DOMAIN_KEPT_HEADER } from '@tabula/protocol'

export interface CallBody {
  /** As it is sent: of a long conversation the bytes are all that is kept while the call is under way. */
  readonly json: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** What stands for a domain that was left out; null where it went along, or there is none. */
  readonly leftOut: string | null
}

interface WrittenDomain {
  /** The end of a body with the domain. */
  readonly ending: Buffer
  readonly digest: string
}

/**
 * Writes calls to one server. A domain is left out where an answer of that server has said that it keeps it; such a server
 * answers 449 where it has lost it, before it runs anything. Every other server gets each domain with each call.
 */
export class CallBodies {
  readonly #written = new WeakMap<DomainJson, WrittenDomain>()
  readonly #kept = new Set<string>()
  readonly #maxEvents: number | null

  /** `maxEvents` bounds the events that are sent to the latest ones; null sends all, as Rasa does. */
  constructor(maxEvents: number | null) {
    this.#maxEvents = maxEvents
  }

  write(call: ActionCall): CallBody {
    const { domain, tracker, ...rest } = call
    const text = JSON.stringify({ ...rest, tracker: this.#bounded(tracker) })
    if (domain === undefined) return { json: Buffer.from(text), headers: {}, leftOut: null }
    const written = this.#write(domain)
    const headers = { [DOMAIN_DIGEST_HEADER]: written.digest }
    if (this.#kept.has(written.digest)) {
      return { json: Buffer.from(text), headers, leftOut: written.digest }
    }
    const end = Buffer.byteLength(text) - 1
    const json = Buffer.allocUnsafe(end + written.ending.length)
    json.write(text)
    // Over the closing brace.
    written.ending.copy(json, end)
    return { json, headers, leftOut: null }
  }

  /** Reads in an answer whether its server keeps the domain; false where a call without one met a server that does not. */
  learn({ leftOut, headers: sent }: CallBody, headers: IncomingHttpHeaders): boolean {
    const kept = headers[DOMAIN_KEPT_HEADER]
    const digest = leftOut ?? sent[DOMAIN_DIGEST_HEADER]
    if (digest !== undefined && kept === digest) {
      this.#kept.add(digest)
      return true
    }
    if (leftOut === null) return true
    this.#kept.delete(leftOut)
    return false
  }

  #bounded(tracker: ActionCall['tracker']): ActionCall['tracker'] {
    const { events } = tracker
    if (this.#maxEvents === null || events === null || events.length <= this.#maxEvents) return tracker
    return { ...tracker, events: events.slice(-this.#maxEvents) }
  }

  /** A model's domain is written once, not with every call. */
  #write(domain: DomainJson): WrittenDomain {
    let written = this.#written.get(domain)
    if (written === undefined) {
      const text = JSON.stringify(domain)
      // What a reader in JavaScript makes of the text: there 5.0 is 5.
      const plain = JSON.stringify(JSON.parse(text))
      written = {
        ending: Buffer.from(`,"domain":${text}}`),
        digest: createHash('sha256').update(plain).digest('hex'),
      }
      this.#written.set(domain, written)
    }
    return written
  }
}
