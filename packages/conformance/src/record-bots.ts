// Records the bots of this package with real Rasa anew: `node packages/conformance/src/record-bots.ts [NAME...]`. It needs
// the reference of the shared folder (conformance/reference.sh install), and takes a minute a bot.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OWN_BOTS, ownBot } from './own-bots.ts'
import { SHARED } from './shared-folder.ts'

const reference = join(SHARED, 'conformance', 'reference.sh')
const given = process.argv.slice(2)
const unknown = given.filter(name => !OWN_BOTS.includes(name))
if (unknown.length > 0 || !existsSync(reference)) {
  process.stderr.write(
    unknown.length > 0
      ? `There is no bot ${unknown.join(', ')}. There are: ${OWN_BOTS.join(', ')}.\n`
      : `${reference} is not there: the reference is needed to record.\n`,
  )
  process.exit(1)
}

for (const name of given.length > 0 ? given : OWN_BOTS) {
  const { project, config, golden } = ownBot(name)
  const cases = golden.replace('.golden.', '.cases.')
  process.stdout.write(`${name} …\n`)
  const { status } = spawnSync(reference, ['record', project, cases, golden], {
    stdio: 'inherit',
    env: { ...process.env, CONFIG: config },
  })
  if (status !== 0) process.exit(status ?? 1)
  slim(golden, ['ms'])
  slim(golden.replace('.golden.', '.tape.'), ['request'])
}

/** Leaves out what nothing is held against; numbers stay as they are written, so 5.0 is kept. */
function slim(file: string, unwanted: readonly string[]): void {
  if (!existsSync(file)) return
  const revive = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (unwanted.includes(key)) return undefined
    return typeof value === 'number' ? raw(context?.source ?? String(value)) : value
  }
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'), revive)
  writeFileSync(file, `${JSON.stringify(parsed)}\n`)
}

function raw(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)
}
