// The tables of the SQL store: Rasa's `events` as Rasa makes it, and ours beside it.

import type { Knex } from 'knex'

export interface TurnRow {
  readonly sender_id: string
  readonly number: number
  readonly tail: string
  /** A number, or its digits where the driver gives large ones as text. */
  readonly last_event_id: number | string
  readonly time: number
  readonly why: string | null
}

/** Makes whatever is missing; what is there stays as it is. */
export async function createTables(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable('events'))) {
    await knex.schema.createTable('events', table => {
      table.increments('id')
      table.string('sender_id', 255).notNullable().index('ix_events_sender_id')
      table.string('type_name', 255).notNullable()
      table.double('timestamp')
      table.string('intent_name', 255)
      table.string('action_name', 255)
      table.text('data')
    })
  }
  if (!(await knex.schema.hasTable('tabula_turns'))) {
    await knex.schema.createTable('tabula_turns', table => {
      table.string('sender_id', 255).notNullable()
      table.integer('number').notNullable()
      table.string('tail', 32).notNullable()
      table.bigInteger('last_event_id').notNullable()
      table.double('time').notNullable()
      table.text('why')
      table.primary(['sender_id', 'number'])
    })
  }
  await createMessageTables(knex)
  if (isPostgres(knex)) await numberEventsAsRasa(knex)
}

export function isPostgres(knex: Knex): boolean {
  return (knex.client as { readonly config?: { readonly client?: unknown } }).config?.client === 'pg'
}

async function createMessageTables(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable('tabula_messages'))) {
    await knex.schema.createTable('tabula_messages', table => {
      table.bigIncrements('position')
      table.string('sender_id', 255).notNullable()
      table.string('message_key', 64).notNullable()
      table.string('digest', 64).notNullable()
      table.string('state', 8).notNullable()
      table.string('attempt', 64).notNullable()
      table.integer('tries').notNullable()
      table.text('message')
      table.text('replies').notNullable()
      table.integer('sent').notNullable()
      table.integer('is_waiting').notNullable()
      table.double('time').notNullable()
      table.unique(['sender_id', 'message_key'])
      table.index(['is_waiting', 'time'])
    })
  }
  if (!(await knex.schema.hasTable('tabula_journal'))) {
    await knex.schema.createTable('tabula_journal', table => {
      table.string('sender_id', 255).notNullable()
      table.string('message_key', 64).notNullable()
      table.integer('step').notNullable()
      table.text('entry').notNullable()
      table.primary(['sender_id', 'message_key', 'step'])
    })
  }
}

/** Rasa asks its sequence for each number and leaves the column without a default; ours is the same sequence. */
async function numberEventsAsRasa(knex: Knex): Promise<void> {
  await knex.raw('CREATE SEQUENCE IF NOT EXISTS events_id_seq')
  await knex.raw("ALTER TABLE events ALTER COLUMN id SET DEFAULT nextval('events_id_seq')")
}

/**
 * Takes out of SQLite's files what was deleted: it is overwritten in the database itself, but the log of writes still has
 * it until that is begun anew. Does nothing on PostgreSQL, whose files are its own affair.
 */
export async function forgetDeleted(knex: Knex): Promise<void> {
  if (!isPostgres(knex)) await knex.raw('PRAGMA wal_checkpoint(TRUNCATE)')
}
