import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import * as fc from 'fast-check'
import { CodedError } from '@tabula/protocol'
import { type Entry, fileOf, packed, tarOf } from '../../test/hostile-archive.ts'
import { readArchive, writeArchive } from './archive.ts'

async function refused(t: ExecutionContext, bytes: Uint8Array, why: RegExp): Promise<void> {
  const file = await fileOf(t, bytes)
  const error = await t.throwsAsync(readArchive(file), { instanceOf: CodedError })
  t.is(error.code, 'model.unreadable')
  t.is(error.status, 400)
  t.regex(error.message, why)
  t.true(error.message.includes(file), 'it names the file')
}

test('for every set of files: what is written is read again, byte for byte', async t => {
  const folder = dirname(await fileOf(t, Buffer.alloc(0)))
  const path = fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9_-]{1,12}){0,2}\.part$/)
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(path, fc.uint8Array({ maxLength: 1500 }), { minKeys: 1 }),
      async contents => {
        const file = join(folder, 'round.tar.gz')
        await writeArchive(file, new Map(Object.entries(contents)))
        const read = await readArchive(file)
        t.deepEqual(
          Object.fromEntries([...read].map(([name, bytes]) => [name, [...bytes]])),
          Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, [...bytes]])),
        )
      },
    ),
    { numRuns: 25 },
  )
})

test('the same files give the same archive, in whatever order they are named', async t => {
  const file = await fileOf(t, Buffer.alloc(0))
  const [a, b] = [Buffer.from('a'), Buffer.from('b')]
  await writeArchive(
    `${file}.1`,
    new Map([
      ['a', a],
      ['b', b],
    ]),
  )
  await writeArchive(
    `${file}.2`,
    new Map([
      ['b', b],
      ['a', a],
    ]),
  )
  t.deepEqual([...(await readArchive(`${file}.1`)).keys()], [...(await readArchive(`${file}.2`)).keys()])
})

test('an archive with large files is read', async t => {
  const file = await fileOf(t, Buffer.alloc(0))
  const large = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
  await writeArchive(file, new Map([['components/large.part', large]]))
  t.deepEqual((await readArchive(file)).get('components/large.part'), large)
})

const HOSTILE: readonly [string, Entry, RegExp][] = [
  [
    'a symbolic link',
    { path: 'metadata.json', type: 'SymbolicLink', linkpath: '/etc/passwd' },
    /SymbolicLink/,
  ],
  ['a hard link', { path: 'metadata.json', type: 'Link', linkpath: '../secret' }, /Link/],
  ['a device', { path: 'metadata.json', type: 'CharacterDevice' }, /CharacterDevice/],
  ['a pipe', { path: 'metadata.json', type: 'FIFO' }, /FIFO/],
  ['a path out of the archive', { path: 'components/../../metadata.json', text: 'x' }, /the path/],
  ['a path from the root', { path: '/metadata.json', text: 'x' }, /the path/],
  ['a path of a drive', { path: 'c:/metadata.json', text: 'x' }, /the path/],
  ['a path with backslashes', { path: '..\\metadata.json', text: 'x' }, /the path/],
]
for (const [what, entry, why] of HOSTILE)
  test(`security row 40: an archive with ${what} is refused`, t => refused(t, packed([entry]), why))

test('security row 41: a small file that unpacks to very much is refused before it fills the memory', async t => {
  const bomb = packed([{ path: 'components/zeros.part', text: '\0'.repeat(40 * 2 ** 20) }])
  t.true(bomb.length < 100_000)
  await refused(t, bomb, /unpacks to too much/)
})

test('an archive within an archive is not unpacked again, where no limit would hold it', async t => {
  await refused(t, gzipSync(packed([{ path: 'metadata.json', text: '{}' }])), /cannot be read/)
})

test('an archive with very many entries is refused', t =>
  refused(
    t,
    packed(Array.from({ length: 10_001 }, (_, index) => ({ path: `f${index}`, text: `${index * 7919}` }))),
    /too many entries/,
  ))

test('a file that is cut off, damaged, no gzip or no archive is refused in words', async t => {
  const whole = packed([{ path: 'metadata.json', text: JSON.stringify({ text: 'x'.repeat(5000) }) }])
  await refused(t, whole.subarray(0, whole.length - 30), /cut off/)
  await refused(t, Buffer.from('no gzip'), /no gzip/)
  await refused(t, Buffer.alloc(0), /cut off|no gzip|empty/)
  await refused(t, gzipSync('no archive at all, just words'), /cannot be read/)
  const tar = tarOf([{ path: 'metadata.json', text: 'x'.repeat(5000) }])
  await refused(t, gzipSync(tar.subarray(0, 2000)), /cannot be read/)
})

test('a file that is not there is named', async t => {
  const error = await t.throwsAsync(readArchive('nowhere.tar.gz'), { instanceOf: CodedError })
  t.is(error.code, 'model.missing')
})

test('a writing that fails or is aborted leaves nothing behind', async t => {
  const file = await fileOf(t, Buffer.from('before'), 'old.tar.gz')
  const long = `components/${'x'.repeat(300)}`
  await t.throwsAsync(writeArchive(join(dirname(file), 'new.tar.gz'), new Map([[long, Buffer.from('x')]])))
  await t.throwsAsync(
    writeArchive(file, new Map([['a', Buffer.from('x')]]), AbortSignal.abort(new Error('enough'))),
    {
      message: 'enough',
    },
  )
  t.deepEqual(await readdir(dirname(file)), ['old.tar.gz'])
})
