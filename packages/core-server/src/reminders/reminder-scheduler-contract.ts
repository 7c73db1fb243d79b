// What every reminder scheduler must do; each one's test runs it.

import type { ExecutionContext, TestFn } from 'ava'
import type { ReminderScheduled } from '@tabula/protocol'
import { until } from '../../test/until.ts'
import type { DueReminder, OnDue, ReminderScheduler } from './reminder-scheduler.ts'

export function reminder(name: string, milliseconds: number, intent = 'wake'): ReminderScheduled {
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

/** Opens a scheduler of its own a test. */
export type Open = (t: ExecutionContext, onDue: OnDue) => Promise<ReminderScheduler>

export function testReminderScheduler(test: TestFn, open: Open): void {
  test('a reminder comes when it is due, once; a later one of its name replaces it', async t => {
    const due: string[] = []
    const scheduler = await open(t, async ({ sender, reminder: { intent } }) => {
      due.push(`${sender} ${intent}`)
    })
    scheduler.start()
    await scheduler.schedule('ann', reminder('r', 150, 'first'))
    await scheduler.schedule('ben', reminder('r', 250, 'second'))
    await scheduler.schedule('ann', reminder('past', -1000))
    await until(() => due.length > 0)
    await pause(100)
    t.deepEqual(due, ['ben second'])
    await scheduler.close()
  })

  test('cancelling hits the sender’s reminders that it describes, and no others', async t => {
    const due: string[] = []
    const scheduler = await open(t, async ({ sender, reminder: { name } }) => {
      due.push(`${sender} ${name}`)
    })
    scheduler.start()
    await scheduler.schedule('ann', reminder('a1', 1500))
    await scheduler.schedule('ann', reminder('a2', 1500, 'other'))
    await scheduler.schedule('ben', reminder('b1', 1500))
    await scheduler.schedule('cy', reminder('c1', 1500))
    await scheduler.schedule('cy', reminder('c2', 1500, 'other'))
    await scheduler.cancel('ann', { event: 'cancel_reminder', intent: 'other' })
    await scheduler.cancel('cy', { event: 'cancel_reminder', name: null, intent: null, entities: null })
    await until(() => due.length === 2)
    await pause(100)
    t.deepEqual(due.toSorted(), ['ann a1', 'ben b1'])
    await scheduler.close()
  })

  test('many reminders due at once all come', async t => {
    const due = new Set<string>()
    const scheduler = await open(t, async ({ reminder: { name } }) => {
      due.add(name)
    })
    scheduler.start()
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) =>
        scheduler.schedule(`s${index}`, reminder(`r${index}`, 200)),
      ),
    )
    await until(() => due.size === 60)
    t.is(due.size, 60)
    await scheduler.close()
  })

  test('stopping the server wakes nobody afterwards', async t => {
    const due: string[] = []
    const scheduler = await open(t, async ({ sender }) => {
      due.push(sender)
    })
    scheduler.start()
    await scheduler.schedule('ann', reminder('a', 100))
    await scheduler.close()
    await pause(200)
    t.deepEqual(due, [])
  })
}

/** Opens another scheduler on the same store, as another process or a later one would. */
export type OpenBeside = (t: ExecutionContext, onDue: OnDue, isFirst: boolean) => Promise<ReminderScheduler>

export function testLastingReminders(test: TestFn, open: OpenBeside): void {
  test('a reminder outlives the process that set it', async t => {
    const due: DueReminder[] = []
    const first = await open(t, async () => undefined, true)
    await first.schedule('ann', reminder('r', 150))
    await first.close()
    const second = await open(
      t,
      async each => {
        due.push(each)
      },
      false,
    )
    second.start()
    await until(() => due.length > 0)
    t.deepEqual(
      due.map(({ sender, reminder: { name } }) => [sender, name]),
      [['ann', 'r']],
    )
    await second.close()
  })

  test('a delivery that fails comes again under the same key', async t => {
    const keys: string[] = []
    const scheduler = await open(
      t,
      async ({ key }) => {
        keys.push(key)
        if (keys.length === 1) throw new Error('the turn broke')
      },
      true,
    )
    scheduler.start()
    await scheduler.schedule('ann', reminder('r', 50))
    await until(() => keys.length === 2)
    t.is(keys.length, 2)
    t.is(new Set(keys).size, 1)
    await scheduler.close()
  })

  test('of three processes one delivers a reminder', async t => {
    const due: string[] = []
    const onDue: OnDue = async ({ reminder: { name } }) => {
      due.push(name)
      await pause(20)
    }
    const schedulers = [await open(t, onDue, true), await open(t, onDue, false), await open(t, onDue, false)]
    for (const scheduler of schedulers) scheduler.start()
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) =>
        schedulers[index % 3]?.schedule(`s${index}`, reminder(`r${index}`, 200 + index)),
      ),
    )
    await until(() => due.length >= 60)
    await pause(300)
    t.is(due.length, 60)
    t.is(new Set(due).size, 60)
    for (const scheduler of schedulers) await scheduler.close()
  })
}
