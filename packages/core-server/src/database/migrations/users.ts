// Users, and their logins that failed.

import type { Migration } from '../migration.ts'

export const usersMigration: Migration = {
  name: '001-users',
  async up(knex) {
    await knex.schema.createTable('users', table => {
      table.string('id', 36).primary()
      table.string('email', 254).notNullable().unique()
      table.string('password_hash', 255).notNullable()
      table.string('role', 16).notNullable()
      table.boolean('is_disabled').notNullable()
      table.integer('version').notNullable()
      table.double('created_at').notNullable()
      table.double('last_login_at')
    })
    await knex.schema.createTable('login_attempts', table => {
      table.increments('id')
      table.string('counted_by', 400).notNullable()
      table.double('time').notNullable().index('login_attempts_time')
      table.index(['counted_by', 'id'], 'login_attempts_counted_by')
    })
    await knex.schema.createTable('audit', table => {
      table.increments('id')
      table.double('time').notNullable()
      table.string('user_id', 36)
      table.string('email', 254)
      table.string('action', 64).notNullable()
      table.string('subject', 255)
      table.text('details').notNullable()
      table.index(['action', 'id'], 'audit_action')
      table.index(['subject', 'id'], 'audit_subject')
    })
  },
  async down(knex) {
    for (const table of ['audit', 'login_attempts', 'users']) await knex.schema.dropTableIfExists(table)
  },
}
