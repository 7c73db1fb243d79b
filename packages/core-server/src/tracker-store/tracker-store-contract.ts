// What every tracker store must hold to, whatever it is built on: run by each one's own test file.

import type { TestFn } from 'ava'
import { type LoggedEvent, WholeFloat } from '@tabula/protocol'
import { testMessageLedger } from './message-ledger-contract.ts'
import { NO_REVISION } from './tracker-store.ts'
import type { TrackerStore } from './tracker-store.ts'

/** Declares the contract's tests; `create` gives an empty store. */
export function testTrackerStore(test: TestFn, name: string, create: () => Promise<TrackerStore>): void {
  testMessageLedger(test, name, create)

  test(`${name}: what was said is there again, in order, with all its fields`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const events = conversation('Grüße 🙂\n"x"')
    const first = await store.append('ann', NO_REVISION, events.slice(0, 2), [])
    await store.append('ann', first, events.slice(2), [])
    const loaded = await store.load('ann')
    t.is(loaded.from, 'start')
    t.deepEqual(loaded.events, events)
  })

  test(`${name}: 5.0 stays a float, which stories and answers show`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const value = [new WholeFloat(5), 5]
    await store.append('ann', NO_REVISION, [{ event: 'slot', timestamp: 1, name: 'price', value }], [])
    t.is(
      JSON.stringify((await store.load('ann')).events.map(event => 'value' in event && event.value)),
      '[[5.0,5]]',
    )
  })

  test(`${name}: of two turns computed from one state only the first is saved`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const [first, second] = conversation('hi')
    const revision = await store.append('ann', NO_REVISION, [first], [])
    await store.append('ann', revision, [second], [])
    await t.throwsAsync(store.append('ann', revision, [second], []), { code: 'tracker.conflict' })
    await t.throwsAsync(store.append('ann', NO_REVISION, [second], []), { code: 'tracker.conflict' })
    t.is((await store.load('ann')).events.length, 2)
  })

  test(`${name}: a caller that knows the latest state reads nothing again`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const revision = await store.append('ann', NO_REVISION, conversation('hi'), [])
    t.deepEqual(await store.load('ann', revision), { revision, from: 'known', events: [], waiting: 0 })
    const stale = await store.load('ann', NO_REVISION)
    t.is(stale.events.length, conversation('hi').length)
  })

  test(`${name}: what came behind a known state follows it, also over several turns`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const [first, second, third, fourth] = conversation('hi')
    let revision = await store.append('ann', NO_REVISION, [first], [])
    const known = revision
    for (const event of [second, third, fourth]) revision = await store.append('ann', revision, [event], [])
    const { from, events } = await store.load('ann', known)
    t.deepEqual(from === 'known' ? [first, ...events] : events, [first, second, third, fourth])
    t.is((await store.load('ann', { ...known, tail: 'another branch' })).events.length, 4)
    await store.replace('ann', [third])
    const after = await store.load('ann', known)
    t.deepEqual([after.from, after.events], ['start', [third]])
  })

  test(`${name}: of many turns at once one is saved`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const revision = await store.append('ann', NO_REVISION, conversation('hi'), [])
    const turns = Array.from({ length: 8 }, (_, turn) =>
      store.append('ann', revision, conversation(`turn ${turn}`), []),
    )
    const outcomes = await Promise.allSettled(turns)
    t.is(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') t.is((outcome.reason as { code: string }).code, 'tracker.conflict')
    }
    t.is((await store.load('ann')).events.length, 8)
  })

  test(`${name}: odd sender ids stay apart`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const senders = [
      'a',
      'A',
      'a ',
      'a%2Fb',
      'a/b',
      'web/a:b c-é-日本🙂',
      "a' OR 1=1 --",
      '__proto__',
      '{a}',
      '*',
    ]
    for (const sender of senders) await store.append(sender, NO_REVISION, conversation(sender), [])
    for (const sender of senders) t.deepEqual((await store.load(sender)).events, conversation(sender))
    const listed = [...(await store.senders(null, 100))]
    t.deepEqual(listed.toSorted(), senders.toSorted())
    const [page] = [await store.senders(listed[2] ?? null, 3)]
    t.deepEqual(page, listed.slice(3, 6))
  })

  test(`${name}: the reasons of a turn are kept beside it and do not touch its events`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const chosen = { policy: 'RulePolicy', action: 'utter_greet', confidence: 1 }
    await store.append('ann', NO_REVISION, conversation('hi'), [{ chosen, runnerUp: null }])
    const why = await store.why('ann')
    t.deepEqual(why[0]?.actions, [{ chosen, runnerUp: null }])
    t.deepEqual((await store.load('ann')).events, conversation('hi'))
    t.deepEqual(await store.why('nobody'), [])
  })

  test(`${name}: a replaced conversation is the new one alone, and turns from the old one are refused`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const old = await store.append('ann', NO_REVISION, conversation('old'), [])
    await store.replace('ann', conversation('new'))
    t.deepEqual((await store.load('ann')).events, conversation('new'))
    await t.throwsAsync(store.append('ann', old, conversation('x'), []), { code: 'tracker.conflict' })
    await store.replace('ann', [])
    t.deepEqual((await store.load('ann')).events, [])
  })

  test(`${name}: an erased conversation is gone, turns from it are refused, and it can begin anew`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const chosen = { policy: 'RulePolicy', action: 'utter_greet', confidence: 1 }
    const old = await store.append('ann', NO_REVISION, conversation('old'), [{ chosen, runnerUp: null }])
    await store.append('ben', NO_REVISION, conversation('kept'), [])
    await store.erase('ann')
    t.deepEqual(await store.load('ann'), { revision: NO_REVISION, from: 'start', events: [], waiting: 0 })
    t.deepEqual(await store.why('ann'), [])
    t.deepEqual(await store.senders(null, 10), ['ben'])
    await t.throwsAsync(store.append('ann', old, conversation('x'), []), { code: 'tracker.conflict' })
    await store.append('ann', NO_REVISION, conversation('new'), [])
    t.deepEqual((await store.load('ann', old)).events, conversation('new'))
    t.deepEqual((await store.load('ben')).events, conversation('kept'))
    await store.erase('nobody')
  })

  test(`${name}: a long conversation comes back whole`, async t => {
    const store = await create()
    t.teardown(() => store.close())
    const many = Array.from({ length: 400 }, (_, turn) => conversation(`m${turn}`)).flat()
    await store.append('ann', NO_REVISION, many, [])
    t.deepEqual((await store.load('ann')).events, many)
  })
}

function conversation(text: string): [LoggedEvent, LoggedEvent, LoggedEvent, LoggedEvent] {
  const metadata = { model_id: 'm', assistant_id: 'a' }
  const parsed = { intent: { name: 'greet', confidence: 0.9 }, entities: [], text }
  return [
    {
      event: 'action',
      timestamp: 1795468181.6987004,
      metadata,
      name: 'action_listen',
      policy: null,
      confidence: null,
      action_text: null,
      hide_rule_turn: false,
    },
    {
      event: 'user',
      timestamp: 1795468182.5,
      metadata,
      text,
      parse_data: parsed,
      input_channel: 'rest',
      message_id: 'x',
    },
    { event: 'slot', timestamp: 1795468182.6, metadata, name: 'city', value: { nested: [1, null, 'ü'] } },
    { event: 'restart', timestamp: 1795468183 },
  ]
}
