import test from 'ava'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withDemoKey } from './demo-key.ts'

test('a demo that is started again knows its visitors and logins: it has the key that it made', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-key-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const first = await withDemoKey({ DEMO: '1' }, folder)
  t.true(Buffer.byteLength(first['SECRET_KEY'] ?? '') >= 32)
  t.deepEqual(await withDemoKey({ DEMO: '1' }, folder), first)
  const file = join(folder, '.tabula', 'demo-key')
  t.is((await stat(file)).mode & 0o077, 0, 'nobody else on the machine reads it')
  await t.notThrowsAsync(readFile(file))
})

test('a key that is set is taken, and outside the demo none is made', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-key-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const set = { DEMO: '1', SECRET_KEY: 'your-super-secure-secret' }
  t.is(await withDemoKey(set, folder), set)
  const real = {}
  t.is(await withDemoKey(real, folder), real)
})

test('a demo whose folder cannot be written starts all the same', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-key-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, '.tabula'), 'no folder')
  t.deepEqual(await withDemoKey({ DEMO: '1' }, folder), { DEMO: '1' })
})
