import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { CodedError } from '@tabula/protocol'
import { fileOf, packed } from '../test/hostile-archive.ts'
import { projectFolder, readTinyBot } from '../test/project-folder.ts'
import { readArchive, writeArchive } from './archive/archive.ts'
import { latestModel, loadModel, trainModel } from './index.ts'

async function refusal(t: ExecutionContext, file: string): Promise<CodedError> {
  const error = await t.throwsAsync(loadModel(file), { instanceOf: CodedError })
  t.is(error.status, 400)
  t.true(error.message.includes(file))
  return error
}

/** A model in which one file is another, or missing. */
async function damaged(t: ExecutionContext, path: string, bytes: Buffer | null): Promise<string> {
  const { file } = await trainModel(await readTinyBot(t))
  const files = await readArchive(file)
  if (bytes === null) files.delete(path)
  else files.set(path, bytes)
  await writeArchive(file, files)
  return file
}

test('a model that lacks a part, or holds a broken one, is refused and the part is named', async t => {
  const part = 'components/nlu-1-KeywordIntentClassifier.part'
  t.regex((await refusal(t, await damaged(t, part, null))).message, /lacks components\/nlu-1/)
  t.regex((await refusal(t, await damaged(t, part, Buffer.from('junk')))).message, /nlu-1.*no saved part/)
  t.regex(
    (await refusal(t, await damaged(t, 'components/domain.json', null))).message,
    /lacks components\/domain/,
  )
  t.regex((await refusal(t, await damaged(t, 'components/domain.json', Buffer.from('{')))).message, /no JSON/)
  t.is(
    (await refusal(t, await damaged(t, 'components/domain.json', Buffer.from('[1]')))).code,
    'model.unreadable',
  )
})

test('security row 42: a model that Rasa trained, which is code, is refused with the way out, not with a riddle', async t => {
  const metadata = JSON.stringify({ rasa_open_source_version: '3.6.21', model_id: 'x', domain: {} })
  const file = await fileOf(
    t,
    packed([
      { path: 'components', type: 'Directory' },
      { path: 'metadata.json', text: metadata },
    ]),
  )
  const error = await refusal(t, file)
  t.is(error.code, 'model.of-rasa')
  t.regex(error.message, /bot train/)
})

test('the newest model of a folder is taken by its time, not its name; drafts and other files are not', async t => {
  const folder = await projectFolder(t, { 'a.tar.gz': '', 'b.tar.gz': '', '.c.tar.gz': '', 'notes.txt': '' })
  await mkdir(join(folder, 'd.tar.gz'))
  await symlink(join(folder, 'nowhere'), join(folder, 'e.tar.gz'))
  await utimes(join(folder, 'a.tar.gz'), 2000, 2000)
  await utimes(join(folder, 'b.tar.gz'), 1000, 1000)
  t.is(await latestModel(folder), join(folder, 'a.tar.gz'))
  t.is(await latestModel(join(folder, 'b.tar.gz')), join(folder, 'b.tar.gz'))
})

test('where there is no model there is none', async t => {
  const folder = await projectFolder(t, {})
  await writeFile(join(folder, 'notes.txt'), '')
  t.is(await latestModel(folder), null)
  t.is(await latestModel(join(folder, 'nowhere')), null)
})
