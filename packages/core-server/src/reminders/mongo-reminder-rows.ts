// Reminders as documents in MongoDB.

import { askingMongo } from '../tracker-store/mongo-errors.ts'
import type { MongoCollections, ReminderDocument } from '../tracker-store/open-mongo.ts'
import type { ReminderRow, ReminderRows } from './stored-reminder-scheduler.ts'

export class MongoReminderRows implements ReminderRows {
  readonly #reminders: MongoCollections['reminders']

  constructor(reminders: MongoCollections['reminders']) {
    this.#reminders = reminders
  }

  async put({ name, ...row }: ReminderRow): Promise<void> {
    const whole = { ...row, owner: null, until: 0 }
    await askingMongo(() => this.#reminders.replaceOne({ _id: name }, whole, { upsert: true }))
  }

  async remove(names: readonly string[]): Promise<void> {
    await askingMongo(() => this.#reminders.deleteMany({ _id: { $in: names } }))
  }

  async of(sender: string): Promise<readonly ReminderRow[]> {
    return (await askingMongo(() => this.#reminders.find({ sender }).toArray())).map(toReminder)
  }

  async claim(owner: string, milliseconds: number, limit: number): Promise<readonly ReminderRow[]> {
    const now = Date.now()
    const free = { due: { $lte: now }, until: { $lt: now } }
    const change = { $set: { owner, until: now + milliseconds } }
    const claimed: ReminderRow[] = []
    while (claimed.length < limit) {
      const found = await askingMongo(() =>
        this.#reminders.findOneAndUpdate(free, change, { sort: { due: 1 }, returnDocument: 'after' }),
      )
      if (found === null) break
      claimed.push(toReminder(found))
    }
    return claimed
  }

  async renew({ name, key }: ReminderRow, owner: string, milliseconds: number): Promise<void> {
    const change = { $set: { until: Date.now() + milliseconds } }
    await askingMongo(() => this.#reminders.updateOne({ _id: name, key, owner }, change))
  }

  async done({ name, key }: ReminderRow): Promise<void> {
    await askingMongo(() => this.#reminders.deleteOne({ _id: name, key }))
  }

  async failed({ name, key }: ReminderRow): Promise<void> {
    await askingMongo(() => this.#reminders.updateOne({ _id: name, key }, { $inc: { tries: 1 } }))
  }
}

function toReminder({ _id: name, key, sender, due, data, tries }: ReminderDocument): ReminderRow {
  return { name, key, sender, due, data, tries }
}
