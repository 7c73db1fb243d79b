import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { quickBot, tinyBot } from './bot.ts'
import { BROKEN_PROJECTS } from './broken-projects.ts'

/** Mistakes that a bot can be trained with all the same; all others end with 1. */
const TRAINED = ['a version of the future']

for (const [what, files] of Object.entries(BROKEN_PROJECTS))
  test(`${what}: the message says where, what was found, and what would be right`, async t => {
    const folder = await tinyBot(t, files)
    const { status, stdout, stderr } = await quickBot(['train'], { folder })
    const models = existsSync(join(folder, 'models')) ? readdirSync(join(folder, 'models')) : []
    t.is(status, TRAINED.includes(what) ? 0 : 1, stderr)
    t.is(models.length, status === 0 ? 1 : 0)
    t.notRegex(stderr, /\n\s+at .*\.ts:/)
    const shown = (stderr + stdout)
      .replaceAll(folder, '.')
      // What is known, and what stands in for what, grows with every release.
      .replaceAll(/Known are: .*/g, 'Known are: …')
      .replaceAll(/^.*\[policy\.ignored\]\n/gm, '')
      .replaceAll(/^\d+ errors?, \d+ warnings?\.\n/gm, '')
      .replaceAll(/^ +✓ .*\n|^Trained in .*\n/gm, '')
      .replaceAll(/models\/\S+\.tar\.gz/g, 'models/NAME.tar.gz')
    t.snapshot(shown)
  })
