// Lua scripts as functions. A file's name ends in the number of its keys; its header names keys, arguments and result.

import { readFileSync } from 'node:fs'
import type { RedisClient } from './connect-redis.ts'
import { asking } from './redis-errors.ts'

/** Runs a script; throws CodedError `store.unavailable` where Redis does not. */
export type LuaScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>

/** The script of a file such as `take-3.lua`, defined on the client under its name; a flushed script is sent again. */
export function luaScript(client: RedisClient, folder: string, file: string): LuaScript {
  return luaCommand(client, file, { numberOfKeys: keyCount(file), lua: readLua(folder, file) })
}

/**
 * A script's text as a command of the client, `title` in its name and in complaints; without a number of keys it takes as many
 * as it is given.
 */
export function luaCommand(
  client: RedisClient,
  title: string,
  script: { readonly numberOfKeys?: number; readonly lua: string },
): LuaScript {
  const name = `tabula-${title}`
  const { numberOfKeys: count } = script
  client.defineCommand(name, script)
  const run: unknown = Reflect.get(client, name)
  if (typeof run !== 'function') throw new TypeError(`${title} is no command of the client.`)
  return async (keys, args) => {
    if (count !== undefined) requireKeys(title, count, keys)
    const given = [...(count === undefined ? [keys.length] : []), ...keys, ...args]
    return asking(() => Reflect.apply(run, client, given) as Promise<unknown>)
  }
}

/** Throws TypeError where a script is given another number of keys than it takes. */
export function requireKeys(title: string, count: number, keys: readonly string[]): void {
  if (keys.length !== count) throw new TypeError(`${title} takes ${count} keys, not ${keys.length}.`)
}

/** The number that a script's file name ends in. */
export function keyCount(file: string): number {
  const match = /-(\d+)\.lua$/.exec(file)
  if (match === null) throw new TypeError(`${file} should end in its number of keys, as in take-3.lua.`)
  return Number(match[1])
}

/** The text of a script of src/FOLDER/lua with `-- include NAME` lines replaced; found from src and dist alike. */
export function readLua(folder: string, file: string): string {
  const text = readFileSync(new URL(`../../src/${folder}/lua/${file}`, import.meta.url), 'utf8')
  return text.replaceAll(/^-- include (\S+)$/gm, (_line, name: string) => readLua(folder, name))
}
