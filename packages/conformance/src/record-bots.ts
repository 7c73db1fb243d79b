// Records the bots of this package with real Rasa anew: `node packages/conformance/src/record-bots.ts [NAME...]`. It needs
// the reference of the shared folder (conformance/reference.sh install), and takes a minute a bot.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { API_BOT, OWN_BOTS, ownBot } from './own-bots.ts'
import { SHARED } from './shared-folder.ts'

const reference = join(SHARED, 'conformance', 'reference.sh')
const given = process.argv.slice(2)
const all = [...OWN_BOTS, API_BOT]
const unknown = given.filter(name => !all.includes(name))
if (unknown.length > 0 || !existsSync(reference)) {
  process.stderr.write(
    unknown.length > 0
      ? `There is no bot ${unknown.join(', ')}. There are: ${all.join(', ')}.\n`
      : `${reference} is not there: the reference is needed to record.\n`,
  )
  process.exit(1)
}

for (const name of given.length > 0 ? given : all) {
  const { project, config, golden } = ownBot(name)
  const cases = golden.replace('.golden.', '.cases.')
  process.stdout.write(`${name} …\n`)
  const { status } = spawnSync(reference, ['record', project, cases, golden], {
    stdio: 'inherit',
    env: { ...process.env, CONFIG: config },
  })
  if (status !== 0) process.exit(status ?? 1)
  slim(golden, ['ms'], name === API_BOT)
  slim(golden.replace('.golden.', '.tape.'), ['request'])
}

/** Leaves out what nothing is held against; numbers stay as they are written, so 5.0 is kept. */
function slim(file: string, unwanted: readonly string[], isProbed = false): void {
  if (!existsSync(file)) return
  const revive = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (unwanted.includes(key)) return undefined
    if (isProbed && key === 'events' && Array.isArray(value)) return value.map(nameOf)
    if (isProbed && key === 'body') return withoutWords(value)
    return typeof value === 'number' ? raw(context?.source ?? String(value)) : value
  }
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'), revive)
  writeFileSync(file, `${JSON.stringify(parsed)}\n`)
}

/** Of events in answers to probes the names. */
function nameOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'event' in event ? event.event : event
}

/** Errors without their message, and the framework's pages without anything. */
function withoutWords(body: unknown): unknown {
  if (typeof body === 'string') return body.includes('⚠️') ? 'a page' : body
  if (typeof body !== 'object' || body === null || !('message' in body) || !('status' in body)) return body
  return Object.fromEntries(
    Object.entries(body).filter(([key]) => !['message', 'help', 'description'].includes(key)),
  )
}

function raw(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)
}
