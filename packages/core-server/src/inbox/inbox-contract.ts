// What every inbox must hold to, whatever it is built on: run by each one's own test file.

import type { TestFn } from 'ava'
import { CodedError } from '@tabula/protocol'
import type { Inbox, InboxBounds } from './inbox.ts'

/** Declares the contract's tests; `create` gives a fresh inbox with these bounds. */
export function testInbox(test: TestFn, name: string, create: (bounds: InboxBounds) => Promise<Inbox>): void {
  const bounds = { waitingPerSender: 3, waitingInAll: 5 }

  test(`${name}: messages of one sender are served in the order of arrival`, async t => {
    const inbox = await create({ waitingPerSender: 50, waitingInAll: 1000 })
    const served: number[] = []
    const turns = Array.from({ length: 20 }, async (_, number) => {
      const ticket = await inbox.take('ann')
      await new Promise(resolve => setTimeout(resolve, (20 - number) % 3))
      served.push(number)
      await ticket.release()
    })
    await Promise.all(turns)
    t.deepEqual(served, [...served.keys()])
  })

  test(`${name}: a sender does not wait for another`, async t => {
    const inbox = await create(bounds)
    const ann = await inbox.take('ann')
    const ben = await inbox.take('ben')
    await ben.release()
    await ann.release()
    t.pass()
  })

  test(`${name}: a flood of one sender is refused with a time to come back, and heals`, async t => {
    const inbox = await create(bounds)
    const first = await inbox.take('ann')
    const waiting = Array.from({ length: 3 }, () => inbox.take('ann'))
    const error = await t.throwsAsync(inbox.take('ann'), { instanceOf: CodedError, code: 'inbox.full' })
    t.is(error.status, 429)
    t.is(typeof error.details['retryAfter'], 'number')
    await first.release()
    for (const next of waiting) await (await next).release()
    await (await inbox.take('ann')).release()
  })

  test(`${name}: more senders than it can serve are refused with a time to come back, and it heals`, async t => {
    const inbox = await create(bounds)
    const tickets = await Promise.all(['a', 'b', 'c', 'd'].map(async sender => inbox.take(sender)))
    const waiting = inbox.take('a')
    const crowded = { instanceOf: CodedError, code: 'inbox.crowded' }
    const error = await t.throwsAsync(inbox.take('e'), crowded)
    t.is(error.status, 503)
    t.is(typeof error.details['retryAfter'], 'number')
    t.throws(() => {
      inbox.admit()
    }, crowded)
    for (const ticket of tickets) await ticket.release()
    await (await waiting).release()
    inbox.admit()
    await (await inbox.take('e')).release()
  })

  test(`${name}: releasing a ticket twice lets only one waiter in`, async t => {
    const inbox = await create(bounds)
    const first = await inbox.take('ann')
    const second = inbox.take('ann')
    let thirdIsIn = false
    const third = inbox.take('ann').then(ticket => {
      thirdIsIn = true
      return ticket
    })
    await first.release()
    await first.release()
    const ticket = await second
    await new Promise(resolve => setTimeout(resolve, 20))
    t.false(thirdIsIn)
    await ticket.release()
    await (await third).release()
  })

  test(`${name}: closing waits for the turns under way, also for what they let in, and then refuses`, async t => {
    const inbox = await create(bounds)
    const ticket = await inbox.take('ann')
    let isClosed = false
    const closing = inbox.close(5000).then(() => {
      isClosed = true
    })
    const late = await inbox.take('ben')
    await ticket.release()
    t.false(isClosed)
    await late.release()
    await closing
    t.true(isClosed)
    await t.throwsAsync(inbox.take('ben'), { code: 'inbox.closed' })
  })

  test(`${name}: closing gives up at the end of its grace: who waits is refused`, async t => {
    const inbox = await create(bounds)
    const ticket = await inbox.take('ann')
    const waiting = t.throwsAsync(inbox.take('ann'), { code: 'inbox.closed' })
    await inbox.close(50)
    await waiting
    await ticket.release()
  })
}
