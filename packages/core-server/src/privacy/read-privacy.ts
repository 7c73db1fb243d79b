// `privacy:` of endpoints.yml: what is masked in logs, in what brokers get and in what viewers read. Conversations themselves are
// kept as they were.

import { compilePattern, type Pattern } from '@tabula/nlu'
import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { BUILT_IN, type BuiltIn } from './built-in-rules.ts'

export interface PrivacySettings {
  readonly rules: readonly BuiltIn[]
  readonly patterns: readonly Pattern[]
  /** Entities whose values are masked, and the slots of these names. */
  readonly entities: ReadonlySet<string>
  /** Whether logs name a hash of the sender. */
  readonly hashesSenders: boolean
  /** Whether brokers get masked events too. */
  readonly inBrokers: boolean
  /** Whether viewers of the history read it masked. */
  readonly inHistory: boolean
}

/** Logs are masked by the built-in rules even where endpoints.yml says nothing; brokers get what Rasa sends. */
const USUAL: PrivacySettings = {
  rules: Object.keys(BUILT_IN) as BuiltIn[],
  patterns: [],
  entities: new Set(),
  hashesSenders: false,
  inBrokers: false,
  inHistory: false,
}

/** Throws CodedError `endpoints.privacy` for a rule or an expression that cannot work. */
export function readPrivacy(setting: unknown): PrivacySettings {
  if (setting === undefined || setting === null) return USUAL
  if (!isRecord(setting)) throw wrong('should be a map')
  const { mask = USUAL.rules, patterns = [], entities = [], hash_senders: hashes = false } = setting
  const { in: places = ['logs', 'brokers'] } = setting
  for (const [name, list] of Object.entries({ mask, patterns, entities, in: places }))
    if (!isTexts(list)) throw wrong(`${name} should be a list of texts`)
  const unknown = (mask as string[]).find(rule => !(rule in BUILT_IN))
  if (unknown !== undefined) throw wrong(`mask has ${unknown}; known: ${Object.keys(BUILT_IN).join(', ')}`)
  return {
    rules: mask as BuiltIn[],
    patterns: (patterns as string[]).map(compiled),
    entities: new Set(entities as string[]),
    hashesSenders: hashes === true,
    inBrokers: (places as string[]).includes('brokers'),
    inHistory: (places as string[]).includes('history'),
  }
}

function compiled(source: string): Pattern {
  try {
    return compilePattern(source)
  } catch (cause) {
    throw wrong(`patterns has ${source}, which cannot be used`, cause)
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

function wrong(what: string, cause?: unknown): CodedError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '.'
  return new CodedError('endpoints.privacy', `endpoints.yml: privacy ${what}${reason}`, {
    status: 400,
    cause,
  })
}
