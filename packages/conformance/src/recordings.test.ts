// The bots of the shared folder, held against what real Rasa answered: every answer, event, slot, story and parse.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { startActionServer } from '@tabula/action-sdk'
import { replyDifference } from './action-reply.ts'
import { requestDifferences } from './action-request.ts'
import { holdBot } from './hold-bot.ts'
import { KNOWN_DIFFERENCES } from './known-differences.ts'
import { goldenFile, SHARED } from './shared-folder.ts'

/** Bots whose actions are written anew for this SDK, to do what the tape of the Python ones shows. */
const WRITTEN = ['formbot', 'financial-demo']
const ACTIONS = join(import.meta.dirname, 'actions')

const BOTS = ['concertbot', 'financial-demo', 'formbot', 'moodbot', 'reminderbot', 'rules']

for (const bot of BOTS) {
  const golden = goldenFile(bot)
  const run = existsSync(golden) ? test.serial : test.serial.skip
  run(`${bot}: whoever moves this bot here sees the conversations that Rasa had with them`, async t => {
    const shared = (name: string): string => join(SHARED, 'conformance', name)
    const isPlain = readFileSync(shared('plain.txt'), 'utf8').split('\n').includes(bot)
    const requests: string[] = []
    const replies: (string | null)[] = []
    const actions = WRITTEN.includes(bot)
      ? await startActionServer({ folder: join(ACTIONS, bot), port: 0, host: '127.0.0.1' })
      : null
    t.teardown(() => actions?.stop())
    const { differences, score, strayCalls } = await holdBot(
      {
        project: shared(join('bots', bot)),
        config: shared(isPlain ? 'exact-plain.config.yml' : 'exact.config.yml'),
        golden,
        async watch(asked, call) {
          requests.push(...requestDifferences(asked, call))
          if (actions !== null) replies.push(await replyDifference(`${actions.url}/webhook`, asked, call))
        },
      },
      KNOWN_DIFFERENCES,
    )
    t.deepEqual(differences.slice(0, 3), [])
    t.deepEqual(strayCalls, [])
    t.deepEqual(requests.slice(0, 3), [], 'an action server gets what Rasa sends')
    t.deepEqual(
      replies.filter(reply => reply !== null).slice(0, 3),
      [],
      'our actions answer as those in Python',
    )
    t.true(actions === null || replies.length > 400)
    t.true((score.get('conversations: events')?.total ?? 0) > 40)
  })
}
