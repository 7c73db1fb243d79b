// JSON as a type, so that what comes from outside can travel before it is parsed.

import type { WholeFloat } from './whole-float.ts'

export type JsonValue = null | boolean | number | WholeFloat | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}
