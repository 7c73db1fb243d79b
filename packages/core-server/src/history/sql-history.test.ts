import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { LoggedEvent } from '@tabula/protocol'
import { forBothDatabases } from '../../test/databases.ts'
import type { OpenEmpty } from '../../test/databases.ts'
import { acts, botSays, logged, userSays } from '../../test/spoken.ts'
import { migrateUp } from '../database/migrate.ts'
import type { ConversationFilter } from './history-types.ts'
import type { LoadConversation } from './history.ts'
import { SqlHistory } from './sql-history.ts'

interface Fixture {
  readonly history: SqlHistory
  /** Says more in a conversation, as the event log tells it. */
  readonly say: (sender: string, ...events: LoggedEvent[]) => Promise<void>
  readonly load: LoadConversation
  readonly store: Map<string, LoggedEvent[]>
}

async function fixture(t: ExecutionContext, open: OpenEmpty): Promise<Fixture> {
  const knex = await open(t)
  await migrateUp(knex)
  const history = new SqlHistory(knex, { lowConfidence: 0.6 }, () => 1_000)
  const store = new Map<string, LoggedEvent[]>()
  const load: LoadConversation = async sender => ({ events: store.get(sender) ?? [] })
  const say = async (sender: string, ...events: LoggedEvent[]): Promise<void> => {
    const known = store.get(sender) ?? []
    store.set(sender, [...known, ...events])
    await history.record(logged(sender, events, known.length + 1), load)
  }
  return { history, say, load, store }
}

forBothDatabases(test, (declare, name, open) => {
  declare(`${name}: a conversation is listed with what was said in it, the latest first`, async t => {
    const { history, say } = await fixture(t, open)
    await say('ann', userSays(10, 'hello'), botSays(11, 'Hi!'))
    await say('ben', userSays(20, 'Where is my order?', 'track_order', 0.41, 'socketio'))
    await say(
      'ann',
      userSays(30, 'thanks', 'thank'),
      acts(31, 'utter_welcome'),
      botSays(31.5, 'You are welcome.'),
    )
    const { conversations, total, total_is_exact, next, previous } = await history.list({}, { limit: 50 })
    t.deepEqual([total, total_is_exact, next, previous], [2, true, null, null])
    t.like(conversations[0], {
      sender: 'ann',
      first_active: 10,
      last_active: 31.5,
      channel: 'rest',
      last_text: 'You are welcome.',
      last_from: 'bot',
      turns: 2,
      messages: 4,
      events: 5,
      lowest_confidence: 0.9,
      model_id: 'model-1',
      fallback: false,
      paused: false,
    })
    t.like(conversations[1], {
      sender: 'ben',
      channel: 'socketio',
      lowest_confidence: 0.41,
      last_from: 'user',
    })
  })

  declare(
    `${name}: pages go on to the end and back without a gap or a repeat, though others write`,
    async t => {
      const { history, say } = await fixture(t, open)
      for (let number = 0; number < 25; number += 1) await say(`s${number}`, userSays(100 + number, 'hello'))
      const forth: string[] = []
      let cursor: string | null = null
      let last: string | null = null
      do {
        const page = await history.list({}, { limit: 10, ...(cursor === null ? {} : { cursor }) })
        forth.push(...page.conversations.map(({ sender }) => sender))
        last = page.previous
        cursor = page.next
        await say('new', userSays(1000 + forth.length, 'I write meanwhile'))
      } while (cursor !== null)
      const expected = Array.from({ length: 25 }, (_, number) => `s${24 - number}`)
      t.deepEqual(forth, expected)
      const back = await history.list({}, { limit: 10, cursor: last ?? '' })
      t.deepEqual(
        back.conversations.map(({ sender }) => sender),
        expected.slice(10, 20),
      )
      await t.throwsAsync(history.list({}, { limit: 10, cursor: 'none' }), { code: 'history.cursor' })
    },
  )

  declare(`${name}: every filter finds what it says, and filters hold together`, async t => {
    const { history, say } = await fixture(t, open)
    await say('ann', userSays(10, 'hi'), acts(11, 'utter_greet'), botSays(11, 'Hi!'))
    await say('ben', userSays(20, 'gibberish', 'nlu_fallback', 0.2), acts(21, 'action_default_fallback'))
    await say('cleo', userSays(30, 'a human please', 'human', 0.99, 'socketio'), {
      event: 'pause',
      timestamp: 31,
    })
    await say('dan%', userSays(40, 'bad'), { event: 'slot', timestamp: 41, name: 'csat', value: 2 })
    await history.setTags('ann', ['vip', 'returns'])
    await history.setReview('dan%', { reviewed: true, note: 'called' })
    const found = async (filter: ConversationFilter): Promise<readonly string[]> =>
      (await history.list(filter, { limit: 50 })).conversations.map(({ sender }) => sender)
    t.deepEqual(await found({ from: 20, to: 40 }), ['cleo', 'ben'])
    t.deepEqual(await found({ channel: 'socketio' }), ['cleo'])
    t.deepEqual(await found({ intent: 'greet' }), ['dan%', 'ann'])
    t.deepEqual(await found({ action: 'utter_greet' }), ['ann'])
    t.deepEqual(await found({ intent: 'greet', action: 'utter_greet', tag: 'vip' }), ['ann'])
    t.deepEqual(await found({ confidence_below: 0.5 }), ['ben'])
    t.deepEqual(await found({ fallback: true }), ['ben'])
    t.deepEqual(await found({ paused: true }), ['cleo'])
    t.deepEqual(await found({ csat_at_most: 2 }), ['dan%'])
    t.deepEqual(await found({ reviewed: true }), ['dan%'])
    t.deepEqual(await found({ sender: 'dan%' }), ['dan%'])
    t.deepEqual(await found({ sender: '%' }), [], 'a sign of patterns is a sign like others')
    t.deepEqual(await found({ tag: 'vip', channel: 'socketio' }), [])
    t.deepEqual(await history.tags(), [
      { tag: 'returns', conversations: 1 },
      { tag: 'vip', conversations: 1 },
    ])
    t.deepEqual((await history.find('ann'))?.tags, ['returns', 'vip'])
    t.is((await history.find('dan%'))?.note, 'called')
    t.false(await history.setTags('nobody', ['x']))
  })

  declare(
    `${name}: words are found in any language and spelling, marked where they stand, newest first`,
    async t => {
      const { history, say } = await fixture(t, open)
      await say('ann', userSays(10, 'What does shipping cost to Zürich?'), botSays(11, 'Shipping is free.'))
      await say('ben', userSays(20, 'SHIPPING to Zurich please'))
      await say('cho', userSays(30, '送料はいくらですか'))
      await say("d'or", userSays(40, 'x\' OR 1=1 -- "quoted" *'))
      const found = async (q: string): Promise<readonly string[]> =>
        (await history.list({ q }, { limit: 50 })).conversations.map(({ sender }) => sender)
      t.deepEqual(await found('shipping'), ['ben', 'ann'])
      t.deepEqual(await found('zürich SHIPPING'), ['ben', 'ann'])
      t.deepEqual(await found('shipp'), ['ben', 'ann'], 'the last word may be a beginning')
      t.deepEqual(await found('shipp zurich'), [], 'the others are whole')
      t.deepEqual(await found('送料'), ['cho'])
      t.deepEqual(await found('quoted'), ["d'or"])
      t.deepEqual(await found("' OR 1=1"), ["d'or"])
      t.deepEqual(await found('ben'), ['ben'], 'a sender is found too')
      t.deepEqual(await found('*'), await found(''), 'no word, no search')
      const [hit] = (await history.list({ q: 'free' }, { limit: 1 })).conversations
      t.deepEqual(hit?.hit, { time: 11, from: 'bot', text: 'Shipping is free.', marks: [[12, 16]] })
      const first = await history.list({ q: 'shipping' }, { limit: 1 })
      t.is(first.previous, null)
      const second = await history.list({ q: 'shipping' }, { limit: 1, cursor: first.next ?? '' })
      t.deepEqual([second.conversations[0]?.sender, second.next, second.total], ['ann', null, 2])
      const back = await history.list({ q: 'shipping' }, { limit: 1, cursor: second.previous ?? '' })
      t.is(back.conversations[0]?.sender, 'ben')
    },
  )

  declare(`${name}: told twice, cut anywhere or read ahead, the index is the same`, async t => {
    const { history, load, store } = await fixture(t, open)
    const events = [userSays(10, 'one'), botSays(11, 'two'), userSays(12, 'three'), botSays(13, 'four')]
    store.set('ann', events)
    const entries = logged('ann', events)
    await history.record(entries.slice(0, 1), load)
    const whole = await history.find('ann')
    t.is(whole?.events, 4, 'a conversation that is new to the index is read whole')
    await history.record(entries.slice(1), load)
    t.deepEqual(await history.find('ann'), whole)
    const more = [userSays(14, 'five'), botSays(15, 'six')]
    store.set('ann', [...events, ...more])
    await history.refresh('ann', [...events, ...more])
    await history.record(logged('ann', more, 5), load)
    t.like(await history.find('ann'), { events: 6, turns: 3, messages: 6 })
    await history.reset()
    await history.rebuild('ann', [...events, ...more])
    t.like(await history.find('ann'), { events: 6, turns: 3, messages: 6 })
    t.is((await history.statistics(0, 3600)).user_messages, 3)
    await history.refresh('ann', more)
    t.like(await history.find('ann'), { events: 2, turns: 1, messages: 2, last_text: 'six' })
    t.is((await history.list({ q: 'one' }, { limit: 5 })).total, 0, 'what was replaced is not found')
  })

  declare(`${name}: a conversation of thousands of messages is taken in whole`, async t => {
    const { history, say } = await fixture(t, open)
    const events = Array.from({ length: 1_500 }, (_, number) => [
      userSays(10 + number, `message ${number}`, `intent_${number}`),
      botSays(10.5 + number, 'answer'),
    ]).flat()
    await say('ann', ...events)
    t.like(await history.find('ann'), { turns: 1_500, messages: 3_000 })
    t.is((await history.list({ intent: 'intent_1499' }, { limit: 5 })).total, 1)
    t.is((await history.list({ q: 'message 1234' }, { limit: 5 })).total, 1)
    await history.rebuild('ann', events)
    t.like(await history.find('ann'), { turns: 1_500, messages: 3_000 })
  })

  declare(`${name}: an erased conversation leaves no word, and the log cannot bring it back`, async t => {
    const { history, say, store, load } = await fixture(t, open)
    await say('ann', userSays(10, 'my secret'), botSays(11, 'noted'))
    await history.audit({ user_id: 'u', email: 'a@b', action: 'conversation.view', subject: 'ann' })
    store.delete('ann')
    t.true(await history.forget('ann'))
    t.false(await history.forget('ann'))
    await history.record(logged('ann', [userSays(10, 'my secret')]), load)
    t.is(await history.find('ann'), null)
    t.is((await history.list({ q: 'secret' }, { limit: 5 })).total, 0)
    t.deepEqual((await history.audits({ subject: 'ann' }, { limit: 5 })).entries, [])
  })

  declare(`${name}: pages that look on are told of each change once`, async t => {
    const { history, say } = await fixture(t, open)
    await say('ann', userSays(10, 'before'))
    const { mark, changed } = await history.changedSince(null)
    t.deepEqual(changed, [])
    await say('ben', userSays(20, 'after'))
    await history.setTags('ann', ['vip'])
    const told = await history.changedSince(mark)
    t.deepEqual(
      told.changed.map(({ sender }) => sender),
      ['ben', 'ann'],
    )
    t.deepEqual((await history.changedSince(told.mark)).changed, [])
  })

  declare(`${name}: what was not understood waits for a label, and comes out as training data`, async t => {
    const { history, say } = await fixture(t, open)
    await say('ann', userSays(10, 'wher is my ordr 77', 'greet', 0.3), botSays(11, 'Hi!'))
    await say('ben', userSays(20, 'Wher is my ordr 77!', 'nlu_fallback', 0.2))
    await say('cleo', userSays(30, 'is it any good', 'ask_quality'), botSays(31, 'Yes.'), {
      event: 'slot',
      timestamp: 32,
      name: 'vote',
      value: { vote: 'down', about: 1 },
    })
    const { messages } = await history.misunderstood({}, { limit: 10 })
    t.deepEqual(
      messages.map(({ sender, reasons, alike }) => [sender, reasons, alike]),
      [
        ['cleo', ['thumbs_down'], 1],
        ['ben', ['low_confidence', 'fallback'], 2],
        ['ann', ['low_confidence'], 2],
      ],
    )
    t.true((await history.find('cleo'))?.thumbs_down)
    const id = messages[2]?.id ?? 0
    const label = { intent: 'track_order', entities: [{ start: 16, end: 18, entity: 'order_number' }] }
    const labelled = await history.label(id, { state: 'done', label, by: 'r@test.com' })
    t.like(labelled, { state: 'done', labelled_by: 'r@test.com' })
    t.deepEqual(
      (await history.labelled()).map(message => message.label),
      [label],
    )
    t.is((await history.misunderstood({ state: 'new' }, { limit: 10 })).messages.length, 2)
    t.is((await history.misunderstood({ reason: 'fallback' }, { limit: 10 })).messages.length, 1)
    t.is(await history.label(999, { state: 'ignored', label: null, by: 'x' }), null)
  })

  declare(`${name}: figures of an hour add up over conversations`, async t => {
    const { history, say } = await fixture(t, open)
    await say('ann', userSays(3600, 'hi'), botSays(3600.5, 'Hi!'), userSays(3700, '?', 'nlu_fallback', 0.1))
    await say('ben', userSays(7300, 'hi'), botSays(7301, 'Hi!'), botSays(7302, 'from me', { human: true }))
    await say('ben', { event: 'slot', timestamp: 7303, name: 'csat', value: 4 })
    const figures = await history.statistics(3600, 7200 + 3600)
    t.like(figures, { conversations: 2, user_messages: 3, bot_messages: 2, human_messages: 1, bucket: 3600 })
    t.is(figures.fallback_rate, 1 / 3)
    t.deepEqual(figures.csat, { count: 1, mean: 4, scores: [0, 0, 0, 1, 0] })
    t.deepEqual(figures.top_intents[0], { intent: 'greet', messages: 2 })
    t.is(figures.response_time.count, 2)
    t.is(figures.response_time.mean, 0.75)
    t.true(Math.abs((figures.response_time.p95 ?? 0) - 1) < 0.3)
    t.deepEqual(
      figures.series.map(({ time, user_messages }) => [time, user_messages]),
      [
        [3600, 2],
        [7200, 1],
      ],
    )
  })

  declare(`${name}: a pause with an end is given back once`, async t => {
    const { history, say } = await fixture(t, open)
    await say('ann', userSays(10, 'hi'), { event: 'pause', timestamp: 11 })
    await history.setResumeTime('ann', 500)
    t.is((await history.find('ann'))?.resumes_at, 500)
    t.deepEqual(await history.takeDueResumes(499), [])
    t.deepEqual(await history.takeDueResumes(500), ['ann'])
    t.deepEqual(await history.takeDueResumes(501), [])
    t.deepEqual(await history.inactiveSince(11.5, 10), ['ann'])
  })
})
