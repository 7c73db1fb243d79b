// Scripts that are asked for in one round of the event loop travel as one: ticket and conversation on the way in, events and
// ticket on the way out, of all messages of that round. What asking costs, here and in Redis, is then paid once for all of them.

import { Cluster } from 'ioredis'
import type { RedisClient } from './connect-redis.ts'
import { keyCount, luaCommand, readLua, requireKeys } from './lua-scripts.ts'
import type { LuaScript } from './lua-scripts.ts'
import { unavailable } from './redis-errors.ts'

/** Scripts that are run as one at most: Redis serves nobody else meanwhile. */
const MOST_TOGETHER = 32

interface Asked {
  /** Of the script, in the order of their adding. */
  readonly place: number
  readonly keys: readonly string[]
  readonly args: readonly (string | number)[]
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

class JointScripts {
  readonly #client: RedisClient
  readonly #scripts: { readonly file: string; readonly text: string }[] = []
  /** Runs all that have been added; null where another was added since. */
  #together: LuaScript | null = null
  /** What was asked in this round, in order. */
  #due: Asked[] = []

  constructor(client: RedisClient) {
    this.#client = client
  }

  add(folder: string, file: string): LuaScript {
    const count = keyCount(file)
    const place = this.#scripts.push({ file, text: readLua(folder, file) })
    this.#together = null
    return (keys, args) => {
      requireKeys(file, count, keys)
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      this.#ask({ place, keys, args, resolve, reject })
      return promise
    }
  }

  #ask(asked: Asked): void {
    if (this.#due.push(asked) > 1) return
    setImmediate(() => {
      const due = this.#due
      this.#due = []
      // Nodes of a Cluster run a script on one slot alone.
      const groups = this.#client instanceof Cluster ? Map.groupBy(due, slotIn).values() : [due]
      for (const group of groups) {
        for (let from = 0; from < group.length; from += MOST_TOGETHER) {
          this.#send(group.slice(from, from + MOST_TOGETHER))
        }
      }
    })
  }

  #send(group: readonly Asked[]): void {
    this.#together ??= luaCommand(this.#client, `joint-of-${this.#scripts.length}`, {
      lua: joint(this.#scripts),
    })
    const keys = group.flatMap(asked => asked.keys)
    const args = group.flatMap(({ place, args: own }) => [place, own.length, ...own])
    this.#together(keys, args).then(
      answers => {
        for (const [index, { resolve, reject }] of group.entries()) {
          const answer: unknown = Array.isArray(answers) ? answers[index] : answers
          if (answer instanceof Error) reject(unavailable(answer))
          else resolve(answer)
        }
      },
      (error: unknown) => {
        for (const { reject } of group) reject(error)
      },
    )
  }
}

/** What stands in the braces of the first key. */
function slotIn({ keys: [first = ''] }: Asked): string {
  return first.slice(0, first.indexOf('}'))
}

/**
 * The scripts as one that runs any of them in turn as if each had come alone: what one does is done though another fails.
 * ARGV has for each its place, the number of its arguments, and these; KEYS their keys in a row. The result has an answer
 * for each, or the error of one that failed.
 */
function joint(scripts: readonly { readonly file: string; readonly text: string }[]): string {
  const parts = scripts.map(
    ({ file, text }) => `{keys = ${keyCount(file)}, run = function(KEYS, ARGV)\n${text}\nend}`,
  )
  return `local scripts = {${parts.join(',\n')}}
local answers, key, arg = {}, 1, 1
while ARGV[arg] do
  local script = scripts[tonumber(ARGV[arg])]
  local last = arg + 1 + ARGV[arg + 1]
  local keys, args = {unpack(KEYS, key, key + script.keys - 1)}, {unpack(ARGV, arg + 2, last)}
  local isDone, answer = pcall(script.run, keys, args)
  if not isDone then
    local text = type(answer) == 'table' and answer.err or tostring(answer)
    -- A replica has written nothing: the client must see it, to send all of it to the primary.
    if string.find(text, 'READONLY', 1, true) then return {err = 'READONLY This is a replica.'} end
    answer = {err = text}
  end
  answers[#answers + 1] = answer
  key = key + script.keys
  arg = last + 1
end
return answers`
}

const ofClients = new WeakMap<RedisClient, JointScripts>()

/**
 * As `luaScript`, for a script whose keys lie in the slot of one conversation: those that are asked for in one round of the
 * event loop travel together and are done in the order of asking. Over a Cluster only those of one conversation do.
 */
export function jointScript(client: RedisClient, folder: string, file: string): LuaScript {
  const scripts = ofClients.get(client) ?? new JointScripts(client)
  ofClients.set(client, scripts)
  return scripts.add(folder, file)
}
