import { copyFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { encodePart, type SavedPart } from '@tabula/ml'
import { projectFolder } from '../../test/project-folder.ts'
import { TrainingCache } from './training-cache.ts'

const PART: SavedPart = { header: { a: 1 }, tensors: { weights: new Float32Array([1, 2, 3]) } }

test('a part that was kept is found again, and no other', async t => {
  const cache = new TrainingCache(join(await projectFolder(t, {}), 'cache'))
  t.is(await cache.get('one'), undefined)
  await cache.set('one', PART)
  t.deepEqual(await cache.get('one'), PART)
  t.is(await cache.get('two'), undefined)
})

test('a damaged, misplaced or foreign entry is trained again instead of being believed', async t => {
  const folder = await projectFolder(t, {})
  const cache = new TrainingCache(folder)
  await cache.set('one', PART)
  const bytes = await readFile(join(folder, 'one.part'))
  await copyFile(join(folder, 'one.part'), join(folder, 'two.part'))
  t.is(await cache.get('two'), undefined)
  await writeFile(join(folder, 'three.part'), encodePart(PART))
  t.is(await cache.get('three'), undefined)
  for (const at of [0, 40, bytes.length - 2]) {
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at)
    await writeFile(join(folder, 'one.part'), flipped)
    t.is(await cache.get('one'), undefined)
  }
  await writeFile(join(folder, 'one.part'), bytes.subarray(0, 20))
  t.is(await cache.get('one'), undefined)
})

test('a folder that cannot be written to is no reason to fail', async t => {
  const folder = await projectFolder(t, { file: '' })
  const cache = new TrainingCache(join(folder, 'file', 'cache'))
  await t.notThrowsAsync(cache.set('one', PART))
  await t.notThrowsAsync(cache.trim())
})

test('the cache does not grow without end: what was used longest ago goes', async t => {
  const folder = await projectFolder(t, {})
  const cache = new TrainingCache(folder)
  for (const name of ['old', 'used', 'new']) await cache.set(name, PART)
  const size = (await readFile(join(folder, 'old.part'))).length
  for (const name of ['old', 'used']) await utimes(join(folder, `${name}.part`), 1000, 1000)
  await cache.get('used')
  await cache.trim(2 * size)
  t.deepEqual((await readdir(folder)).toSorted(), ['new.part', 'used.part'])
})
