// The bots of the shared folder, held against what real Rasa answered: every answer, event, slot, story and parse.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { holdBot } from './hold-bot.ts'
import { KNOWN_DIFFERENCES } from './known-differences.ts'
import { goldenFile, SHARED } from './shared-folder.ts'

const BOTS = ['concertbot', 'financial-demo', 'formbot', 'moodbot', 'reminderbot', 'rules']

for (const bot of BOTS) {
  const golden = goldenFile(bot)
  const run = existsSync(golden) ? test.serial : test.serial.skip
  run(`${bot}: whoever moves this bot here sees the conversations that Rasa had with them`, async t => {
    const shared = (name: string): string => join(SHARED, 'conformance', name)
    const isPlain = readFileSync(shared('plain.txt'), 'utf8').split('\n').includes(bot)
    const { differences, score, strayCalls } = await holdBot(
      {
        project: shared(join('bots', bot)),
        config: shared(isPlain ? 'exact-plain.config.yml' : 'exact.config.yml'),
        golden,
      },
      KNOWN_DIFFERENCES,
    )
    t.deepEqual(differences.slice(0, 3), [])
    t.deepEqual(strayCalls, [])
    t.true((score.get('conversations: events')?.total ?? 0) > 40)
  })
}
