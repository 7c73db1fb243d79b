import test from 'ava'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { actionCall } from '../test/action-call.ts'
import { recordingLog } from '../test/recording-log.ts'
import { ReloadingActions } from './reloading-actions.ts'

const SIGNAL = { signal: new AbortController().signal }

test('a change to an action, to what it imports, and a new file count from the next call on; a mistake changes nothing', async t => {
  const project = await mkdtemp(join(tmpdir(), 'tabula-reload-'))
  t.teardown(() => rm(project, { recursive: true, force: true }))
  const write = (file: string, text: string) => writeFile(join(project, file), text)
  await mkdir(join(project, 'actions'))
  await mkdir(join(project, 'lib'))
  await write('package.json', '{"type": "module"}')
  await write('lib/words.ts', `export const word: string = 'one'`)
  await write(
    'actions/say.ts',
    `import { word } from '../lib/words.ts'
     export const say = { name: 'action_say', run(dispatcher) { dispatcher.utterMessage({ text: word }) } }`,
  )
  const log = recordingLog()
  const actions = await ReloadingActions.load(join(project, 'actions'), log)
  t.teardown(() => {
    actions.close()
  })
  const say = async (name = 'action_say') => {
    const executor = await actions.current()
    return (await executor.run(actionCall(name), SIGNAL))?.responses[0]?.text
  }
  t.is(await say(), 'one')
  await write('lib/words.ts', `export const word: string = 'another'`)
  t.is(await say(), 'another')
  await write('actions/say.ts', `export const say = {`)
  t.is(await say(), 'another')
  t.deepEqual(
    log.entries.map(entry => entry.code),
    ['actions.reloaded', 'actions.reload-failed'],
  )
  await write(
    'actions/say.ts',
    `export const say = { name: 'action_say', run(dispatcher) { dispatcher.utterMessage({ text: 'mended' }) } }`,
  )
  t.is(await say(), 'mended')
  await write(
    'actions/shout.ts',
    `export const shout = { name: 'action_shout', run(dispatcher) { dispatcher.utterMessage({ text: 'HEY' }) } }`,
  )
  t.is(await say('action_shout'), 'HEY')
})

test('a folder that cannot be loaded at the start is an error, not an empty server', async t => {
  await t.throwsAsync(ReloadingActions.load('no/such/folder', recordingLog()), {
    message: /no folder no\/such\/folder/,
  })
})
