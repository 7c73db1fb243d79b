// Whether a domain says anything at all: without one there is no dialogue to train.

import type { DomainJson } from '@tabula/protocol'

/** Whether the domain has nothing but its version. */
export function isEmptyDomain(domain: DomainJson): boolean {
  return Object.entries(domain).every(([key, value]) => key === 'version' || isNothing(value))
}

function isNothing(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}
