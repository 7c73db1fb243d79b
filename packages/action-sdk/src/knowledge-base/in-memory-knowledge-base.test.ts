import test from 'ava'
import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InMemoryKnowledgeBase } from './in-memory-knowledge-base.ts'

test('objects come from a file of JSON, and a file that cannot be used is named with its fault', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-knowledge-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'data.json')
  await writeFile(file, '{"hotel": [{"id": 1, "name": "Hilton"}]}')
  const base = new InMemoryKnowledgeBase(file)
  t.deepEqual(base.getObjectTypes(), ['hotel'])
  t.deepEqual(base.getAttributesOfObject('hotel'), ['id', 'name'])
  t.deepEqual(await base.getObject('hotel', '1'), { id: 1, name: 'Hilton' })
  t.deepEqual(base.getAttributesOfObject('constructor'), [])
  t.throws(() => new InMemoryKnowledgeBase(join(folder, 'none.json')), {
    message: /none\.json cannot be read/,
  })
  await writeFile(file, '{"hotel": ')
  t.throws(() => new InMemoryKnowledgeBase(file), { message: /data\.json is no JSON/ })
  await writeFile(file, '{"hotel": {"id": 1}}')
  t.throws(() => new InMemoryKnowledgeBase(file), {
    message: /data\.json should hold a list of objects for each type/,
  })
})

test('for every set of objects, a list holds at most five of those asked for, none twice', t => {
  const objects = fc.uniqueArray(fc.record({ id: fc.nat(50), size: fc.constantFrom('s', 'l') }), {
    selector: ({ id }) => id,
  })
  fc.assert(
    fc.property(objects, things => {
      const base = new InMemoryKnowledgeBase({ thing: things })
      const found = base.getObjects('thing', [{ name: 'size', value: 's' }])
      const wanted = things.filter(({ size }) => size === 's')
      t.is(found.length, Math.min(5, wanted.length))
      t.is(new Set(found.map(({ id }) => id)).size, found.length)
      t.true(found.every(({ size }) => size === 's'))
    }),
  )
})
