// Whole turns of a bot with two forms, a custom action and a two-stage fallback, each as it was measured with Rasa.

import test from 'ava'
import type { DomainJson } from '@tabula/protocol'
import { triggerIntent } from '../src/index.ts'
import { done, slot, TestBot, type Said, type TestAction } from './test-bot.ts'

const START = 'START'
const LISTEN = 'action listen R h'
const LOW: Said = {
  intent: 'nlu_fallback',
  confidence: 0.3,
  parse: {
    intent_ranking: [
      { name: 'nlu_fallback', confidence: 0.3 },
      { name: 'greet', confidence: 0.2 },
    ],
  },
}

const DOMAIN: DomainJson = {
  intents: ['greet', 'bye', 'chat', 'book', 'inform', 'code', 'run'],
  entities: ['name', 'code'],
  slots: {
    name: { type: 'text', mappings: [{ type: 'from_entity', entity: 'name' }] },
    when: {
      type: 'text',
      mappings: [{ type: 'from_text', conditions: [{ active_loop: 'book_form', requested_slot: 'when' }] }],
    },
    code: { type: 'text', mappings: [{ type: 'from_entity', entity: 'code' }] },
    n: { type: 'any', mappings: [] },
  },
  responses: {
    utter_greet: [{ text: 'Hi' }],
    utter_bye: [{ text: 'Bye' }],
    utter_chat: [{ text: 'Chat' }],
    utter_done: [{ text: 'Done' }],
    utter_third: [{ text: 'third' }],
    utter_default: [{ text: 'Sorry' }],
    utter_restart: [{ text: 'Restarted' }],
    utter_back: [{ text: 'Back' }],
    utter_ask_rephrase: [{ text: 'Rephrase' }],
    utter_ask_name: [{ text: 'Name?' }],
    utter_ask_when: [{ text: 'When?' }],
    utter_ask_code: [{ text: 'Code?' }],
  },
  forms: { book_form: { required_slots: ['name', 'when'] }, code_form: { required_slots: ['code'] } },
  actions: ['action_run', 'validate_code_form'],
}

function createBot(actions: Readonly<Record<string, TestAction>> = {}): TestBot {
  const rules = {
    intents: {
      greet: ['utter_greet'],
      bye: ['utter_bye'],
      chat: ['utter_chat'],
      book: ['book_form'],
      code: ['code_form'],
      run: ['action_run'],
      nlu_fallback: ['action_two_stage_fallback'],
    },
    after: { book_form: 'utter_done' },
  }
  return new TestBot({ domain: DOMAIN, rules, actions })
}

const TWO_STAGE = 'action action_two_stage_fallback R h'

test('a new conversation begins with its session, then the answer', t => {
  t.deepEqual(createBot().say('/greet'), [
    START,
    'user /greet (greet 1)',
    'uf',
    'action utter_greet R h',
    'bot Hi',
    LISTEN,
  ])
})

test('a form asks for its slots one by one and submits', t => {
  const bot = createBot()
  t.deepEqual(bot.say('/book'), [
    START,
    'user /book (book 1)',
    'uf',
    'action book_form R h',
    'active_loop book_form',
    'slot requested_slot "name"',
    'bot Name?',
    LISTEN,
  ])
  t.deepEqual(bot.say('/inform{"name":"Al"}'), [
    'user /inform{"name":"Al"} (inform 1)',
    'slot name "Al"',
    'uf',
    'action book_form R h',
    'slot requested_slot "when"',
    'bot When?',
    LISTEN,
  ])
  t.deepEqual(bot.say('noon', { intent: 'nlu_fallback', confidence: 0.3 }), [
    'user noon (nlu_fallback 0.3)',
    'slot when "noon"',
    'uf',
    'action book_form R h',
    'slot requested_slot null',
    'active_loop null',
    'action utter_done R h',
    'bot Done',
    LISTEN,
  ])
})

test('a form steps back for another answer and asks again', t => {
  const bot = createBot()
  bot.say('/book')
  for (const [said, answer] of [
    ['chat', 'Chat'],
    ['greet', 'Hi'],
  ] as const) {
    t.deepEqual(bot.say(`/${said}`), [
      `user /${said} (${said} 1)`,
      'rejected book_form',
      'uf',
      `action utter_${said} R h`,
      `bot ${answer}`,
      'action book_form R h',
      'slot requested_slot "name"',
      'bot Name?',
      LISTEN,
    ])
  }
  t.deepEqual(bot.say('/inform'), [
    'user /inform (inform 1)',
    'rejected book_form',
    'uf',
    'action action_default_fallback R 0.3',
    'bot Sorry',
    'rewind',
    LISTEN,
  ])
})

test('a validator that empties a slot makes the form ask again', t => {
  const bot = createBot({
    validate_code_form: ({ tracker }) =>
      tracker.slots['code'] === 'x' ? done([slot('code', null)], [{ text: 'Bad code' }]) : done(),
  })
  bot.say('/code')
  t.deepEqual(bot.say('/inform{"code":"x"}'), [
    'user /inform{"code":"x"} (inform 1)',
    'slot code "x"',
    'uf',
    'action code_form R h',
    'bot Bad code',
    'slot code null',
    'slot requested_slot "code"',
    'bot Code?',
    LISTEN,
  ])
})

test('two-stage fallback: an affirmed message counts as if it had been said at first', t => {
  const bot = createBot()
  bot.say('/bye')
  t.deepEqual(bot.say('helo', LOW), [
    'user helo (nlu_fallback 0.3)',
    'uf',
    TWO_STAGE,
    'active_loop action_two_stage_fallback',
    "bot Did you mean 'greet'?",
    LISTEN,
  ])
  t.deepEqual(bot.say('/greet'), [
    'user /greet (greet 1)',
    'uf',
    TWO_STAGE,
    'active_loop null',
    'rewind',
    'action listen - null',
    'user /greet (greet 1)',
    'uf',
    'action utter_greet R h',
    'bot Hi',
    LISTEN,
  ])
})

test('two-stage fallback: denied, unclear again and denied again gives up', t => {
  const bot = createBot()
  bot.say('/bye')
  bot.say('helo', LOW)
  t.deepEqual(bot.say('/out_of_scope'), [
    'user /out_of_scope (out_of_scope 1)',
    'uf',
    TWO_STAGE,
    'bot Rephrase',
    LISTEN,
  ])
  t.deepEqual(bot.say('hlo', LOW).slice(3), ["bot Did you mean 'greet'?", LISTEN])
  t.deepEqual(bot.say('/out_of_scope'), [
    'user /out_of_scope (out_of_scope 1)',
    'uf',
    TWO_STAGE,
    'active_loop null',
    'bot Sorry',
    'rewind',
    LISTEN,
  ])
})

test('/restart forgets the conversation and begins a session', t => {
  const bot = createBot()
  bot.say('/inform{"name":"Al"}')
  t.deepEqual(bot.say('/restart'), [
    'user /restart (restart 1)',
    'uf',
    'action action_restart R h',
    'bot Restarted',
    'restart',
    'action action_session_start F',
    'session_started',
    'action listen - null',
  ])
  t.is(bot.tracker.slot('name'), null)
})

test('/back takes back itself and the message before', t => {
  const bot = createBot()
  bot.say('/greet')
  bot.say('/bye')
  t.deepEqual(bot.say('/back'), [
    'user /back (back 1)',
    'uf',
    'action action_back R h',
    'bot Back',
    'rewind',
    'rewind',
    LISTEN,
  ])
})

test('an expired session begins anew and keeps its slots', t => {
  const bot = createBot()
  bot.say('/inform{"name":"Al"}')
  bot.say('/book')
  bot.say('/inform{"name":"Al"}')
  bot.clock += 61 * 60
  const events = bot.say('/bye')
  t.deepEqual(events.slice(0, 2), ['action action_session_start - 1', 'session_started'])
  t.true(events.includes('slot name "Al"'))
  t.deepEqual(events.slice(-6), [
    'action listen - null',
    'user /bye (bye 1)',
    'uf',
    'action utter_bye R h',
    'bot Bye',
    LISTEN,
  ])
  t.is(bot.tracker.slot('name'), 'Al')
  t.is(bot.tracker.activeLoop, null, 'the form is off')
})

test("a custom action's messages come first, then its events, then its followup", t => {
  const bot = createBot({
    action_run: () =>
      done(
        [slot('n', 5), { event: 'followup', name: 'utter_bye' }],
        [{ text: 'one' }, { text: 'two' }, { response: 'utter_third' }],
      ),
  })
  bot.say('/greet')
  t.deepEqual(bot.say('/run'), [
    'user /run (run 1)',
    'uf',
    'action action_run R h',
    'bot one',
    'bot two',
    'bot third',
    'slot n 5',
    'followup utter_bye',
    'action utter_bye F',
    'bot Bye',
    'action action_default_fallback R 0.3',
    'bot Sorry',
    'rewind',
    LISTEN,
  ])
})

test('a custom action that rejects leaves the turn to other actions', t => {
  const bot = createBot({ action_run: () => ({ kind: 'rejected', action: 'action_run', message: 'no' }) })
  bot.say('/greet')
  t.deepEqual(bot.say('/run').slice(0, 5), [
    'user /run (run 1)',
    'rejected action_run',
    'uf',
    'action action_default_fallback R 0.3',
    'bot Sorry',
  ])
})

test('a custom action that fails leaves its event and a word in the log, and the bot listens', t => {
  const bot = createBot()
  bot.say('/greet')
  t.deepEqual(bot.say('/run'), ['user /run (run 1)', 'uf', 'action action_run R h', LISTEN])
  t.deepEqual(
    bot.effectsOf('log').map(({ level, code }) => `${level} ${code}`),
    ['error action.failed'],
  )
})

test('a triggered intent fills slots and is answered', t => {
  const bot = createBot()
  bot.say('/greet')
  t.deepEqual(
    bot.run((context, tracker) => triggerIntent(context, tracker, { name: 'bye', entities: { name: 'Al' } })),
    ['user EXTERNAL: bye (bye)', 'slot name "Al"', 'uf', 'action utter_bye R h', 'bot Bye', LISTEN],
  )
})
