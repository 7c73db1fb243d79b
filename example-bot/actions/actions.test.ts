import test from 'ava'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadActions } from '@tabula/action-sdk'

test('every action that the domain lists is there to run', async t => {
  const domain = readFileSync(join(import.meta.dirname, '..', 'domain.yml'), 'utf8')
  const listed = /^actions:\n((?:- \w+\n)+)/m.exec(domain)?.[1]?.match(/\w+/g)
  const found = await loadActions(import.meta.dirname)
  t.deepEqual(found.map(action => action.name).toSorted(), listed?.toSorted())
})
