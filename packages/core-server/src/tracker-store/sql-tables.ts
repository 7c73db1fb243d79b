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
}
