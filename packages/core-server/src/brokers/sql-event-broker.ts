// Events as rows of a table (`type: sql`), as Rasa writes them; a row's id is the event's, so that one sent again is one row.

import type { Knex } from 'knex'
import { type EventBroker, payloadOf } from './event-broker.ts'

const ROWS_AT_ONCE = 200

export function createSqlEventBroker(knex: Knex, place: string): EventBroker {
  let isReady = false
  return {
    name: `sql ${place}`,
    async publish(entries) {
      isReady ||= await createTable(knex)
      for (let start = 0; start < entries.length; start += ROWS_AT_ONCE) {
        const rows = entries.slice(start, start + ROWS_AT_ONCE).map(entry => ({
          sender_id: entry.sender,
          data: JSON.stringify(payloadOf(entry)),
          tabula_event_id: entry.id,
        }))
        await knex('events').insert(rows).onConflict('tabula_event_id').ignore()
      }
    },
    async close() {
      await knex.destroy()
    },
  }
}

/** Rasa's table, and beside Rasa's columns the id that tells a repeat. */
async function createTable(knex: Knex): Promise<true> {
  if (!(await knex.schema.hasTable('events'))) {
    await knex.schema.createTable('events', table => {
      table.increments('id')
      table.string('sender_id', 255)
      table.text('data')
    })
  }
  if (!(await knex.schema.hasColumn('events', 'tabula_event_id'))) {
    await knex.schema.alterTable('events', table => {
      table.string('tabula_event_id', 64).unique()
    })
  }
  return true
}
