// Custom actions while conversations are tested: real ones, stubs, or what was recorded of real ones.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { actionRunner, loadActions } from '@tabula/action-sdk'
import { readSettings } from '@tabula/model'
import {
  type ActionOutcome,
  type ActionRunner,
  CodedError,
  type JsonObject,
  type JsonValue,
  parseActionReply,
} from '@tabula/protocol'
import type { Console } from '../console.ts'
import { lendSdk } from '../roles/lend-sdk.ts'

/** `real`: the project's own, or those of its action server; `stub`: they do nothing; else a file of what they do. */
export type ActionMode = string

/** One outcome as it stands in a file: a reply, or `rejected` or `failed` with a message. */
type Written = Readonly<Record<string, JsonValue>>

export interface ActionTape {
  /** For every conversation that has none of its own: outcomes by action, in turn; the last one again and again. */
  readonly actions?: Readonly<Record<string, readonly Written[]>>
  /** By story and action, in their order. */
  readonly stories?: Readonly<Record<string, Readonly<Record<string, readonly Written[]>>>>
}

/** The runner, or null where the server is to call the action server of endpoints.yml. Throws CodedError for a file that is no tape. */
export async function openActions(
  mode: ActionMode,
  endpoint: string | null,
  storyOf: (sender: string) => string,
  console: Console,
): Promise<ActionRunner | null> {
  if (mode === 'stub') return { run: async () => DOES_NOTHING }
  if (mode !== 'real') return tapeRunner(await readTape(mode, console), storyOf)
  const folder = join(console.folder, 'actions')
  if (existsSync(folder)) {
    lendSdk()
    const handlers = await loadActions(folder)
    if (handlers.length > 0) return actionRunner(handlers)
  }
  if (endpoint !== null) return null
  throw new CodedError(
    'test.no-actions',
    'There are no actions to run: no handlers in actions/, and endpoints.yml names no action_endpoint. Test with --actions stub, or a file.',
  )
}

const DOES_NOTHING: ActionOutcome = { kind: 'done', reply: { events: [], responses: [] } }

/** A runner that keeps what the other's actions did, by story. */
export function recorder(
  runner: ActionRunner,
  storyOf: (sender: string) => string,
): { readonly runner: ActionRunner; readonly tape: ActionTape } {
  const stories: Record<string, Record<string, Written[]>> = {}
  return {
    tape: { stories },
    runner: {
      async run(call, options) {
        const outcome = await runner.run(call, options)
        const own = (stories[storyOf(call.sender_id)] ??= {})
        ;(own[call.next_action] ??= []).push(written(outcome))
        return outcome
      },
    },
  }
}

function written(outcome: ActionOutcome): Written {
  if (outcome.kind === 'done') return JSON.parse(JSON.stringify(outcome.reply)) as JsonObject as Written
  return { [outcome.kind]: outcome.message }
}

/** An action server that is called once for each call, for what is to be recorded of it. */
export function callingRunner(url: string): ActionRunner {
  return {
    async run(call, { signal } = {}) {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(call),
          ...(signal === undefined ? {} : { signal }),
        })
        const body = (await answer.json()) as { readonly error?: string; readonly action_name?: string }
        if (answer.status === 400 && typeof body.action_name === 'string')
          return { kind: 'rejected', action: body.action_name, message: body.error ?? '' }
        if (!answer.ok) return { kind: 'failed', message: `it answers ${answer.status}` }
        return { kind: 'done', reply: parseActionReply(body) }
      } catch (error) {
        return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

function tapeRunner(
  { actions = {}, stories = {} }: ActionTape,
  storyOf: (sender: string) => string,
): ActionRunner {
  const played = new Map<string, number>()
  return {
    async run({ next_action: action, sender_id: sender }) {
      const list = stories[storyOf(sender)]?.[action] ?? actions[action]
      if (list === undefined || list.length === 0)
        return { kind: 'failed', message: `nothing is recorded of ${action} in '${storyOf(sender)}'` }
      const key = `${sender} ${action}`
      const turn = played.get(key) ?? 0
      played.set(key, turn + 1)
      return outcomeOf(action, list[Math.min(turn, list.length - 1)] ?? {})
    },
  }
}

function outcomeOf(action: string, { rejected, failed, ...reply }: Written): ActionOutcome {
  if (typeof rejected === 'string') return { kind: 'rejected', action, message: rejected }
  if (typeof failed === 'string') return { kind: 'failed', message: failed }
  return { kind: 'done', reply: parseActionReply(reply) }
}

async function readTape(file: string, console: Console): Promise<ActionTape> {
  const path = resolve(console.folder, file)
  if (!existsSync(path))
    throw new CodedError(
      'cli.missing-file',
      `There is no file ${file}. --actions takes real, stub, or a file.`,
    )
  const read = (await readSettings(path, console.environment)) ?? {}
  const isMap = (value: unknown): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const isLists = (value: unknown): boolean =>
    isMap(value) && Object.values(value).every(list => Array.isArray(list) && list.every(isMap))
  const { actions = {}, stories = {} } = read
  if (isLists(actions) && isMap(stories) && Object.values(stories).every(isLists)) return read
  throw new CodedError(
    'test.tape',
    `${file} is no file of actions. Write "actions:", below it each action's name, and below that a list of {events: […], responses: […]}.`,
    { status: 400 },
  )
}
