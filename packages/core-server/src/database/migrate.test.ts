import test from 'ava'
import { forBothDatabases } from '../../test/databases.ts'
import { isMigrated, migrateDown, migrateUp } from './migrate.ts'

forBothDatabases(test, (declare, name, open) => {
  declare(`${name}: the tables go up and down, and up and down again, and leave nothing behind`, async t => {
    const knex = await open(t)
    for (let round = 0; round < 2; round += 1) {
      t.deepEqual(await migrateUp(knex), ['001-users', '002-history', '003-files'])
      t.true(await isMigrated(knex))
      t.deepEqual(await migrateUp(knex), [], 'a second time changes nothing')
      t.true(await knex.schema.hasTable('history_words'))
      t.deepEqual(await migrateDown(knex), ['003-files'])
      t.deepEqual(await migrateDown(knex), ['002-history'])
      t.deepEqual(await migrateDown(knex), ['001-users'])
      t.false(await isMigrated(knex))
      for (const table of [
        'users',
        'login_attempts',
        'audit',
        'history_conversations',
        'history_words',
        'visitor_files',
      ])
        t.false(await knex.schema.hasTable(table), table)
    }
  })
})
