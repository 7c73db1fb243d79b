// The index of conversations. What a list filters by lies in the index that it is sorted by, so that a page is read from
// there even where few of a million rows fit.

import type { Knex } from 'knex'
import { isPostgres } from '../migration.ts'
import type { Migration } from '../migration.ts'

export const historyMigration: Migration = {
  name: '002-history',
  async up(knex) {
    await createConversations(knex)
    await createMessages(knex)
    await knex.schema.createTable('history_hours', table => {
      table.integer('hour').notNullable()
      table.string('name', 32).notNullable()
      table.string('value', 255).notNullable()
      table.double('count').notNullable()
      table.primary(['hour', 'name', 'value'])
    })
    await knex.schema.createTable('history_state', table => {
      table.integer('id').primary()
      table.bigInteger('changes').notNullable()
    })
    await knex('history_state').insert({ id: 1, changes: 0 })
  },
  async down(knex) {
    const tables = ['history_state', 'history_hours', 'history_words', 'history_messages', 'history_facets']
    for (const table of [...tables, 'history_conversations']) await knex.schema.dropTableIfExists(table)
  },
}

async function createConversations(knex: Knex): Promise<void> {
  await knex.schema.createTable('history_conversations', table => {
    table.increments('id')
    table.string('sender', 255).notNullable().unique()
    table.double('first_active').notNullable()
    table.double('last_active').notNullable()
    table.bigInteger('changed').notNullable().index('history_conversations_changed')
    table.string('channel', 255)
    table.string('last_text', 200)
    table.string('last_from', 8)
    for (const name of ['turns', 'messages', 'events', 'ahead']) table.integer(name).notNullable()
    table.double('lowest_confidence')
    for (const name of ['fallback', 'paused', 'thumbs_down', 'reviewed']) table.boolean(name).notNullable()
    table.integer('csat')
    table.string('model_id', 255)
    table.text('note')
    table.double('resumes_at').index('history_conversations_resumes_at')
    table.double('waiting_since')
  })
  await knex.raw(
    `create index history_conversations_list on history_conversations (last_active desc, id desc, lowest_confidence,
      fallback, paused, thumbs_down, reviewed, csat, channel, sender)`,
  )
  if (isPostgres(knex)) {
    await knex.raw(
      'create index history_conversations_sender on history_conversations (sender varchar_pattern_ops)',
    )
  }
  await knex.schema.createTable('history_facets', table => {
    table.integer('conversation_id').notNullable()
    table.string('kind', 8).notNullable()
    table.string('value', 255).notNullable()
    table.double('last_active').notNullable()
    table.primary(['conversation_id', 'kind', 'value'])
  })
  await knex.raw(
    'create index history_facets_list on history_facets (kind, value, last_active desc, conversation_id desc)',
  )
}

async function createMessages(knex: Knex): Promise<void> {
  await knex.schema.createTable('history_messages', table => {
    table.increments('id')
    table.integer('conversation_id').notNullable()
    table.integer('number').notNullable()
    table.double('time').notNullable()
    table.string('speaker', 8).notNullable()
    table.text('text').notNullable()
    table.string('intent', 255)
    table.double('confidence')
    table.string('reasons', 64)
    table.string('alike', 200)
    table.string('state', 8)
    table.text('label')
    table.string('labelled_by', 254)
    table.unique(['conversation_id', 'number'])
  })
  await knex.raw(
    'create index history_messages_state on history_messages (state, id) where state is not null',
  )
  await knex.raw(
    'create index history_messages_alike on history_messages (state, alike) where state is not null',
  )
  if (isPostgres(knex)) {
    await knex.raw('create table history_words (id integer primary key, words tsvector not null)')
    await knex.raw(
      'create index history_words_index on history_words using gin (words) with (fastupdate = off)',
    )
  } else {
    await knex.raw(
      `create virtual table history_words using fts5(words, content='', contentless_delete=1, tokenize='unicode61')`,
    )
  }
}
