// Breaks one promise of a server that is started with it, to show that the checker would see it: `--import` this file with
// `?build=` and a name below.

import { patchSource } from './patch-source.ts'
import type { Patch } from './patch-source.ts'

const BUILDS: Readonly<Record<string, Patch>> = {
  // A turn is saved whatever the conversation has become.
  'no-compare': [
    '/redis/lua-scripts.ts',
    'return text.replaceAll(',
    "return text.replace(/^if number ~= tonumber.*return .0, number. end$/m, '').replaceAll(",
  ],
  // The mark that a message is done is set when its turn begins.
  'early-mark': [
    '/redis/lua-scripts.ts',
    'return text.replaceAll(',
    'return text.replace("return redis.call(\'HGETALL\', KEYS[1])", ' +
      "\"local flat = redis.call('HGETALL', KEYS[1]) redis.call('HSET', KEYS[1], 'state', 'done') return flat\").replaceAll(",
  ],
  // What actions returned is not kept.
  'no-journal': ['/processor/action-journal.ts', 'await this.#keep?.(step, entry)', ''],
  // Parts of an answer leave last first.
  'no-order': [
    '/processor/outbox.ts',
    'this.#said[this.#sent]',
    'this.#said[this.#said.length - 1 - this.#sent]',
  ],
}

/** The address of this module for one of the builds. */
export function sabotage(build: string): string {
  if (!Object.hasOwn(BUILDS, build)) throw new Error(`no build ${build}`)
  return `${import.meta.url}?build=${build}`
}

const patch = BUILDS[new URL(import.meta.url).searchParams.get('build') ?? '']
if (patch !== undefined) patchSource([patch])
