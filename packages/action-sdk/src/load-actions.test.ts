import test from 'ava'
import type { ExecutionContext } from 'ava'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ProjectError } from '@tabula/protocol'
import { loadActions } from './load-actions.ts'

const action = (name: string) => `{ name: '${name}', run() { return [] } }`

async function folderOf(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-actions-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

test('every action that a folder’s scripts export is found, whatever form it has', async t => {
  const folder = await folderOf(t, {
    'package.json': '{"type": "module"}',
    'a-typed.ts': `export const one: object = ${action('action_one')}`,
    'b-class.js': `export class Two { name = 'action_two'; run() { return [] } }`,
    'c-list.mjs': `export const all = [${action('action_three')}, ${action('action_four')}]\nexport const price = 3`,
    'more/deep.mjs': `export { all } from '../c-list.mjs'\nexport const five = ${action('action_five')}`,
  })
  const names = (await loadActions(folder)).map(found => found.name)
  t.deepEqual(names, ['action_one', 'action_two', 'action_three', 'action_four', 'action_five'])
})

test('tests, declarations and installed packages are not run', async t => {
  const wrong = 'throw new Error("run")'
  const folder = await folderOf(t, {
    'a.test.mjs': wrong,
    'b.spec.mjs': wrong,
    'c.d.ts': wrong,
    'node_modules/x/index.mjs': wrong,
    'test/help.mjs': wrong,
    '.hidden/x.mjs': wrong,
    'actions.py': wrong,
  })
  t.deepEqual(await loadActions(folder), [])
})

test('one file may stand for a folder', async t => {
  const folder = await folderOf(t, { 'actions.mjs': `export const one = ${action('action_one')}` })
  t.is((await loadActions(join(folder, 'actions.mjs'))).length, 1)
})

test('files that cannot be loaded are all named, with the line', async t => {
  const folder = await folderOf(t, {
    'plain.mjs': 'export const b = = 2',
    'syntax.ts': 'export const a = 1\nexport const b: number = = 2\n',
    'throws.mjs': '\n\nthrow new Error("no key for the shop")\n',
    'sound.mjs': `export const one = ${action('action_one')}`,
  })
  const { message } = await t.throwsAsync(loadActions(folder), { instanceOf: ProjectError })
  t.regex(message, /plain\.mjs cannot be loaded: Unexpected token '='/)
  t.regex(message, /syntax\.ts:2:1 .*syntax\.ts cannot be loaded: Expression expected/)
  t.regex(message, /throws\.mjs:3:7 .*throws\.mjs cannot be loaded: no key for the shop/)
})

test('a name that two files use is told with both files', async t => {
  const folder = await folderOf(t, {
    'one.mjs': `export const a = ${action('action_same')}`,
    'two.mjs': `export const b = ${action('action_same')}`,
  })
  await t.throwsAsync(loadActions(folder), {
    message: /two\.mjs has an action 'action_same', and so has .*one\.mjs/,
  })
})

test('a folder that is not there is named', async t => {
  await t.throwsAsync(loadActions('no/such/folder'), { message: /no folder no\/such\/folder/ })
})
