// Files that visitors have sent.

import type { Migration } from '../migration.ts'

export const filesMigration: Migration = {
  name: '003-files',
  async up(knex) {
    await knex.schema.createTable('visitor_files', table => {
      table.string('id', 32).primary()
      table.string('sender', 255).notNullable().index('visitor_files_sender')
      table.string('name', 255).notNullable()
      table.string('type', 100).notNullable()
      table.binary('bytes').notNullable()
      table.double('created_at').notNullable()
    })
  },
  async down(knex) {
    await knex.schema.dropTableIfExists('visitor_files')
  },
}
