import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { page, rowsWithoutKind } from './rows.mjs'

test('the page of faults and attacks names the tests that there are', t => {
  const written = readFileSync(join(import.meta.dirname, '../docs/faults-and-attacks.md'), 'utf8')
  t.is(written, page(), 'run: node tools/rows.mjs')
})

test('a test that names a row says of which table', t => {
  t.deepEqual(rowsWithoutKind(), [])
})
