// Reminders as rows of a SQL database.

import type { Knex } from 'knex'
import type { ReminderRow, ReminderRows } from './stored-reminder-scheduler.ts'

const TABLE = 'tabula_reminders'

interface Row extends Omit<ReminderRow, 'sender'> {
  readonly sender_id: string
}

export class SqlReminderRows implements ReminderRows {
  readonly #knex: Knex

  private constructor(knex: Knex) {
    this.#knex = knex
  }

  /** The rows over this connection; makes their table where it is missing. */
  static async open(knex: Knex): Promise<SqlReminderRows> {
    if (!(await knex.schema.hasTable(TABLE))) {
      await knex.schema.createTable(TABLE, table => {
        table.string('name', 255).primary()
        table.string('key', 64).notNullable()
        table.string('sender_id', 255).notNullable().index()
        table.double('due').notNullable().index()
        table.text('data').notNullable()
        table.integer('tries').notNullable().defaultTo(0)
        table.string('owner', 64)
        table.double('until').notNullable().defaultTo(0)
      })
    }
    return new SqlReminderRows(knex)
  }

  async put({ sender, ...row }: ReminderRow): Promise<void> {
    const whole = { ...row, sender_id: sender, owner: null, until: 0 }
    await this.#knex(TABLE).insert(whole).onConflict('name').merge()
  }

  async remove(names: readonly string[]): Promise<void> {
    await this.#knex(TABLE).whereIn('name', names).delete()
  }

  async of(sender: string): Promise<readonly ReminderRow[]> {
    return (await this.#knex<Row>(TABLE).where('sender_id', sender).select()).map(toReminder)
  }

  async claim(owner: string, milliseconds: number, limit: number): Promise<readonly ReminderRow[]> {
    const now = Date.now()
    const free = await this.#knex<Row>(TABLE)
      .where('due', '<=', now)
      .andWhere('until', '<', now)
      .orderBy('due')
      .limit(limit)
      .select('name')
    const claimed: ReminderRow[] = []
    for (const { name } of free) {
      const won = await this.#knex(TABLE)
        .where({ name })
        .andWhere('until', '<', now)
        .update({ owner, until: now + milliseconds })
      const row = won > 0 ? await this.#knex<Row>(TABLE).where({ name }).first() : undefined
      if (row !== undefined) claimed.push(toReminder(row))
    }
    return claimed
  }

  async renew({ name, key }: ReminderRow, owner: string, milliseconds: number): Promise<void> {
    await this.#knex(TABLE)
      .where({ name, key, owner })
      .update({ until: Date.now() + milliseconds })
  }

  async done({ name, key }: ReminderRow): Promise<void> {
    await this.#knex(TABLE).where({ name, key }).delete()
  }

  async failed({ name, key, tries }: ReminderRow): Promise<void> {
    await this.#knex(TABLE)
      .where({ name, key })
      .update({ tries: tries + 1 })
  }
}

function toReminder({ sender_id: sender, name, key, due, data, tries }: Row): ReminderRow {
  return { sender, name, key, due, data, tries }
}
