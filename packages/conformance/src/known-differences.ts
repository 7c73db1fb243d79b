// The differences on purpose that recordings meet; docs/differences.md says more of each.

import { readFileSync } from 'node:fs'
import type { KnownDifference } from './compare.ts'

export const KNOWN_DIFFERENCES = JSON.parse(
  readFileSync(new URL('../known-differences.json', import.meta.url), 'utf8'),
) as readonly KnownDifference[]
