import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { kindOfChange } from './kind-of-change.ts'
import { watchProject } from './watch-project.ts'

test('a change is told once, in a folder that is new too; what commands write and packages bring is not', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-watch-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'data/deep'), { recursive: true })
  await mkdir(join(folder, 'node_modules/x'), { recursive: true })
  await mkdir(join(folder, 'models'))
  await writeFile(join(folder, 'domain.yml'), 'a: 1\n')
  const told: string[] = []
  let wake: () => void = () => undefined
  const watching = watchProject(
    folder,
    files => {
      told.push(...files)
      wake()
    },
    error => t.fail(error.message),
  )
  t.teardown(() => {
    watching.close()
  })
  const changes = async (work: () => Promise<unknown>): Promise<string[]> => {
    told.length = 0
    const next = new Promise<void>(resolve => (wake = resolve))
    await work()
    await next
    return [...told]
  }
  const write = (file: string) => writeFile(join(folder, file), 'a: 2\n')
  t.deepEqual(
    await changes(async () => {
      await write('node_modules/x/a.json')
      await write('models/m.json')
      await write('.hidden.yml')
      await write('log.txt.swp')
      await write('domain.yml')
      await appendFile(join(folder, 'domain.yml'), 'b: 3\n')
    }),
    ['domain.yml'],
  )
  t.deepEqual(await changes(() => write('data/deep/nlu.yml')), ['data/deep/nlu.yml'])
  t.deepEqual(
    await changes(async () => {
      await mkdir(join(folder, 'more'))
      await write('more/rules.yml')
    }),
    ['more/rules.yml'],
  )
  t.deepEqual(await changes(() => write('.env')), ['.env'])
})

test('a changed file is trained, loaded or started again, as what it is', t => {
  t.deepEqual(
    [
      'data/nlu.yml',
      'domain.yml',
      'data/stories.md',
      'endpoints.yml',
      '.env',
      'actions/a.ts',
      'lib/b.mjs',
    ].map(kindOfChange),
    ['project', 'project', 'project', 'settings', 'settings', 'actions', 'actions'],
  )
  t.deepEqual(['actions/actions.py', 'package.json', 'tsconfig.json'].map(kindOfChange), [null, null, null])
})
