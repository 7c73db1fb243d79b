// Two scripts that are asked for at one moment about one conversation travel as one: ticket and conversation on the way in,
// events and ticket on the way out. That saves half of what asking costs, here and in Redis.

import type { RedisClient } from './connect-redis.ts'
import { keyCount, luaCommand, luaScript, readLua } from './lua-scripts.ts'
import type { LuaScript } from './lua-scripts.ts'
import { unavailable } from './redis-errors.ts'

interface Script {
  readonly file: string
  readonly text: string
  readonly alone: LuaScript
}

interface Asked {
  readonly script: Script
  readonly keys: readonly string[]
  readonly args: readonly (string | number)[]
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

class JointScripts {
  readonly #client: RedisClient
  /** What was asked in this moment, in order: one by one or in pairs. */
  #due: [Asked, Asked?][] = []
  readonly #pairs = new Map<string, LuaScript>()

  constructor(client: RedisClient) {
    this.#client = client
  }

  add(folder: string, file: string): LuaScript {
    const script = { file, text: readLua(folder, file), alone: luaScript(this.#client, folder, file) }
    return (keys, args) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      this.#ask({ script, keys, args, resolve, reject })
      return promise
    }
  }

  #ask(asked: Asked): void {
    const last = this.#due.at(-1)
    if (last?.[1] === undefined && last !== undefined && slotIn(last[0]) === slotIn(asked)) {
      last[1] = asked
      return
    }
    if (this.#due.push([asked]) > 1) return
    queueMicrotask(() => {
      const due = this.#due
      this.#due = []
      for (const [first, second] of due) this.#send(first, second)
    })
  }

  #send(first: Asked, second: Asked | undefined): void {
    if (second === undefined) {
      first.script.alone(first.keys, first.args).then(first.resolve, first.reject)
      return
    }
    this.#pair(first, second)([...first.keys, ...second.keys], [...first.args, ...second.args]).then(
      answers => {
        for (const [index, { resolve, reject }] of [first, second].entries()) {
          const answer: unknown = Array.isArray(answers) ? answers[index] : answers
          if (answer instanceof Error) reject(unavailable(answer))
          else resolve(answer)
        }
      },
      (error: unknown) => {
        first.reject(error)
        second.reject(error)
      },
    )
  }

  #pair(first: Asked, second: Asked): LuaScript {
    const name = `${first.script.file}+${second.script.file}:${first.args.length}`
    const found = this.#pairs.get(name)
    if (found !== undefined) return found
    const counts = { keys: keyCount(first.script.file), args: first.args.length }
    const made = luaCommand(this.#client, name, {
      numberOfKeys: counts.keys + keyCount(second.script.file),
      lua: joint(first.script.text, second.script.text, counts),
    })
    this.#pairs.set(name, made)
    return made
  }
}

/** What stands in the braces of the first key. */
function slotIn({ keys: [first = ''] }: Asked): string {
  return first.slice(0, first.indexOf('}'))
}

/**
 * Both texts as one, run in turn as if each had come alone: what one does is done though the other fails. Its result has
 * an answer for each, or the error of one that failed.
 */
function joint(
  first: string,
  second: string,
  counts: { readonly keys: number; readonly args: number },
): string {
  const behind = second
    .replaceAll(/\bKEYS\[(\d+)\]/g, (_all, index: string) => `KEYS[${Number(index) + counts.keys}]`)
    .replaceAll(/\bARGV\[(\d+)\]/g, (_all, index: string) => `ARGV[${Number(index) + counts.args}]`)
  return `local function run(script)
  local isDone, answer = pcall(script)
  if isDone then return answer end
  return {err = type(answer) == 'table' and answer.err or tostring(answer)}
end
local answers = {run(function()
${first}
end), run(function()
${behind}
end)}
-- A replica has written nothing: the client must see it, to send all of it to the primary.
for index = 1, 2 do
  local answer = answers[index]
  if type(answer) == 'table' and answer.err and string.find(answer.err, 'READONLY', 1, true) then
    return {err = 'READONLY This is a replica.'}
  end
end
return answers`
}

const ofClients = new WeakMap<RedisClient, JointScripts>()

/**
 * As `luaScript`, for a script that names each of its arguments and whose keys lie in the slot of one conversation: two of
 * them that are asked for in one moment about one conversation, one after the other, travel together and are done in that order.
 */
export function jointScript(client: RedisClient, folder: string, file: string): LuaScript {
  const scripts = ofClients.get(client) ?? new JointScripts(client)
  ofClients.set(client, scripts)
  return scripts.add(folder, file)
}
