import test from 'ava'
import type { ReminderScheduled } from '@tabula/protocol'
import { MemoryReminderScheduler } from './memory-reminder-scheduler.ts'

function reminder(name: string, milliseconds: number, intent = 'wake'): ReminderScheduled {
  return {
    event: 'reminder',
    intent,
    date_time: new Date(Date.now() + milliseconds).toISOString(),
    entities: null,
    name,
    kill_on_user_msg: false,
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

test('a reminder comes when it is due, once; a later one of its name replaces it', async t => {
  const due: string[] = []
  const scheduler = new MemoryReminderScheduler((sender, { intent }) => due.push(`${sender} ${intent}`))
  scheduler.schedule('ann', reminder('r', 20, 'first'))
  scheduler.schedule('ben', reminder('r', 40, 'second'))
  scheduler.schedule('ann', reminder('past', -1000))
  await pause(120)
  t.deepEqual(due, ['ben second'])
})

test('cancelling hits the sender’s reminders that it describes, and no others', async t => {
  const due: string[] = []
  const scheduler = new MemoryReminderScheduler((sender, { name }) => due.push(`${sender} ${name}`))
  scheduler.schedule('ann', reminder('a1', 30))
  scheduler.schedule('ann', reminder('a2', 30, 'other'))
  scheduler.schedule('ben', reminder('b1', 30))
  scheduler.schedule('cy', reminder('c1', 30))
  scheduler.cancel('ann', { event: 'cancel_reminder', intent: 'other' })
  scheduler.cancel('cy', { event: 'cancel_reminder', name: null, intent: null, entities: null })
  await pause(100)
  t.deepEqual(due.toSorted(), ['ann a1', 'ben b1'])
})

test('stopping the server leaves no timer behind', async t => {
  const due: string[] = []
  const scheduler = new MemoryReminderScheduler(sender => due.push(sender))
  scheduler.schedule('ann', reminder('a', 20))
  scheduler.close()
  await pause(60)
  t.deepEqual(due, [])
})
