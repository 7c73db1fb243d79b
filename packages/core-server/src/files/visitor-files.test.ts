import test from 'ava'
import { forBothDatabases } from '../../test/databases.ts'
import { migrateUp } from '../database/migrate.ts'
import { VisitorFiles } from './visitor-files.ts'

forBothDatabases(test, (declare, name, open) => {
  declare(
    `${name}: a file comes back as it was sent, under a harmless name and type, and goes with its sender`,
    async t => {
      const knex = await open(t)
      await migrateUp(knex)
      const files = new VisitorFiles(knex, () => 1_000)
      const bytes = Buffer.from([0, 255, 10, 13])
      const picture = await files.keep('ann', { name: '../../etc/a"b.png', type: 'image/png', bytes })
      const page = await files.keep('ben', { name: '', type: 'text/html', bytes })
      t.deepEqual(await files.find(picture), { name: 'a_b.png', type: 'image/png', bytes })
      t.like(await files.find(page), { name: 'file', type: 'application/octet-stream' })
      t.is(await files.find('unknown'), null)
      await files.erase('ann')
      t.is(await files.find(picture), null)
      t.not(await files.find(page), null)
    },
  )

  declare(`${name}: one visitor cannot fill the database`, async t => {
    const knex = await open(t)
    await migrateUp(knex)
    const files = new VisitorFiles(knex, () => 1_000)
    const file = { name: 'a.txt', type: 'text/plain', bytes: Buffer.from('x') }
    for (let sent = 0; sent < 20; sent += 1) await files.keep('ann', file)
    await t.throwsAsync(files.keep('ann', file), { code: 'files.too-many' })
    await t.notThrowsAsync(files.keep('ben', file))
  })
})
