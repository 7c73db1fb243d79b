// What every store must hold to about single messages: run by each store's own test file.

import type { TestFn } from 'ava'
import type { AcceptedMessage } from './message-ledger.ts'
import { NO_REVISION } from './tracker-store.ts'
import type { TrackerStore } from './tracker-store.ts'

/** Declares the contract's tests; `create` gives an empty store. */
export function testMessageLedger(test: TestFn, name: string, create: () => Promise<TrackerStore>): void {
  test(`${name}: an accepted message waits until it is handled and answered, in the order of acceptance`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const { messages } = store
    for (const key of ['b', 'a', 'c']) t.is(await messages.accept('ann', accepted(key), 10), 'accepted')
    t.is(await messages.accept('ann', accepted('a'), 10), 'known')
    t.is((await store.load('ann')).waiting, 3)
    t.deepEqual(await messages.pending('ann'), [accepted('b'), accepted('a'), accepted('c')])
    t.deepEqual(await messages.pending('ben'), [])

    const handled = { key: 'b', digest: 'd', replies: [{ text: 'hi' }, { text: 'there 🙂' }] }
    const revision = await store.append('ann', NO_REVISION, [pause], [], handled)
    t.is((await messages.pending('ann')).length, 3, 'its answers are not sent')
    await messages.sent('ann', 'b', 1, false)
    const record = await messages.begin('ann', 'b', 'd', 'try')
    t.like(record, { state: 'done', sent: 1, replies: [{ text: 'hi' }, { text: 'there 🙂' }] })
    await messages.sent('ann', 'b', 2, true)
    t.deepEqual(await messages.replies('ann', 'b'), [{ text: 'hi' }, { text: 'there 🙂' }])
    t.deepEqual(await messages.replies('ann', 'a'), [])
    await store.append('ann', revision, [pause], [], { key: 'a', digest: 'd', replies: [] })
    t.deepEqual(await messages.pending('ann'), [accepted('c')])
  })

  test(`${name}: a turn that is refused leaves its message open`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    await store.messages.accept('ann', accepted('a'), 10)
    await store.append('ann', NO_REVISION, [pause], [])
    const handled = { key: 'a', digest: 'd', replies: [] }
    await t.throwsAsync(store.append('ann', NO_REVISION, [pause], [], handled), { code: 'tracker.conflict' })
    t.is((await store.messages.begin('ann', 'a', 'd', 'x')).state, 'open')
    t.is((await store.messages.pending('ann')).length, 1)
  })

  test(`${name}: a message is saved once, also by a turn that was worked out behind the one that handled it`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    await store.messages.accept('ann', accepted('a'), 10)
    const handled = { key: 'a', digest: 'd', replies: [{ text: 'once' }] }
    const revision = await store.append('ann', NO_REVISION, [pause], [], handled)
    const again = { ...handled, replies: [{ text: 'twice' }] }
    await t.throwsAsync(store.append('ann', revision, [pause], [], again), { code: 'tracker.conflict' })
    t.is((await store.load('ann')).events.length, 1)
    t.deepEqual(await store.messages.replies('ann', 'a'), [{ text: 'once' }])
    await store.messages.begin('ann', 'b', 'd', 'try')
    await store.messages.bury('ann', 'b', [{ text: 'sorry' }])
    const late = { key: 'b', digest: 'd', replies: [] }
    await t.throwsAsync(store.append('ann', revision, [pause], [], late), { code: 'tracker.conflict' })
  })

  test(`${name}: a try that the store failed does not count, and no other is taken back with it`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const { messages } = store
    for (const attempt of ['first', 'second', 'third', 'fourth']) {
      t.is((await messages.begin('ann', 'a', 'd', attempt)).tries, 1)
      await messages.giveBack('ann', 'a', attempt)
      await messages.giveBack('ann', 'a', attempt)
    }
    await messages.begin('ann', 'a', 'd', 'fifth')
    t.is((await messages.begin('ann', 'a', 'd', 'sixth')).tries, 2)
    await messages.giveBack('ann', 'a', 'fifth')
    await messages.giveBack('ann', 'a', 'fifth')
    t.is((await messages.begin('ann', 'a', 'd', 'sixth')).tries, 1, 'others took over meanwhile')
    await messages.giveBack('ann', 'unknown', 'x')
    const outcome = { kind: 'failed', message: 'x' } as const
    await messages.begin('ann', 'b', 'd', 'first')
    await messages.journal('ann', 'b', 0, { action: 'action_a', outcome, tail: '' })
    await messages.giveBack('ann', 'b', 'first')
    t.is((await messages.begin('ann', 'b', 'd', 'second')).journal.size, 1, 'what was called stays known')
  })

  test(`${name}: tries are counted once each, outcomes of actions stay, a poison message is given up`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const { messages } = store
    t.is((await messages.begin('ann', 'a', 'd', 'first')).tries, 1)
    t.is((await messages.begin('ann', 'a', 'd', 'first')).tries, 1)
    const outcome = { kind: 'done', reply: { events: [], responses: [{ text: 'x' }] } } as const
    await messages.journal('ann', 'a', 0, { action: 'action_pay', outcome, tail: 't' })
    await messages.journal('ann', 'a', 0, {
      action: 'action_pay',
      outcome: { kind: 'failed', message: 'late' },
      tail: 't',
    })
    const second = await messages.begin('ann', 'a', 'd', 'second')
    t.is(second.tries, 2)
    t.deepEqual([...second.journal], [[0, { action: 'action_pay', outcome, tail: 't' }]])
    await messages.bury('ann', 'a', [{ text: 'sorry' }])
    t.like(await messages.begin('ann', 'a', 'd', 'third'), { state: 'dead', replies: [{ text: 'sorry' }] })
  })

  test(`${name}: another message under the same id is refused, and so are too many`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const { messages } = store
    await messages.accept('ann', accepted('a'), 2)
    await messages.accept('ann', accepted('b'), 2)
    await t.throwsAsync(messages.accept('ann', { ...accepted('a'), digest: 'other' }, 2), {
      code: 'message.other-body',
    })
    await t.throwsAsync(messages.begin('ann', 'a', 'other', 'x'), { code: 'message.other-body' })
    await t.throwsAsync(messages.accept('ann', accepted('c'), 2), { code: 'inbox.full' })
    t.is(await messages.accept('ben', accepted('a'), 2), 'accepted', 'ids of others are their own')
  })

  test(`${name}: what a dead process accepted is found, and what was handled is not`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const { messages } = store
    await messages.accept('ann', accepted('a'), 10)
    await messages.accept('ben', accepted('a'), 10)
    await store.append('ben', NO_REVISION, [pause], [], { key: 'a', digest: 'd', replies: [] })
    t.deepEqual(await messages.stranded(3600, 10), [])
    t.deepEqual(await messages.stranded(0, 10), ['ann'])
  })

  test(`${name}: an erased sender is gone everywhere`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    await store.messages.accept('ann', accepted('a'), 10)
    await store.append('ann', NO_REVISION, [pause], [], { key: 'a', digest: 'd', replies: [{ text: 'x' }] })
    await store.append('ben', NO_REVISION, [pause], [])
    await store.erase('ann')
    await store.erase('ann')
    t.deepEqual(await store.load('ann'), { revision: NO_REVISION, from: 'start', events: [], waiting: 0 })
    t.deepEqual(await store.messages.pending('ann'), [])
    t.is((await store.messages.begin('ann', 'a', 'new', 'x')).tries, 1)
    t.deepEqual(await store.senders(null, 10), ['ben'])
  })
}

const pause = { event: 'pause', timestamp: 1 } as const

function accepted(key: string): AcceptedMessage {
  const message = { text: `say ${key}`, senderId: 'ann', inputChannel: 'rest', messageId: key }
  return { key, digest: 'd', message, channel: 'callback', address: { to: 'x' } }
}
