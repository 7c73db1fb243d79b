import { join } from 'node:path'
import test from 'ava'
import { latestModel, loadModel } from '@tabula/model'
import { folderOf, quickBot } from './bot.ts'

for (const template of ['faq', 'form', 'rules'])
  test(`the template ${template} is written without asking, has no mistake, and trains to a bot that understands`, async t => {
    const folder = await folderOf(t, {})
    const written = await quickBot(['init', '--no-prompt', '--template', template], { folder })
    t.is(written.status, 0, written.stderr)
    t.is((await quickBot(['data', 'validate', '--fail-on-warnings'], { folder })).status, 0)
    const trained = await quickBot(['train'], { folder })
    t.is(trained.status, 0, trained.stderr)
    const { pipeline } = await loadModel((await latestModel(join(folder, 'models'))) ?? '')
    t.is((await pipeline?.parse('hello'))?.intent.name, 'greet')
    const again = await quickBot(['init', '--no-prompt', '--template', template], { folder })
    t.is(again.status, 1)
    t.regex(again.stderr, /nothing was written/)
  })
