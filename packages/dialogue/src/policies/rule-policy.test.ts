import test from 'ava'
import type { DomainJson } from '@tabula/protocol'
import { loadPolicies, createEnsemble } from '../index.ts'
import { conversation, RULES, trainBot, trainingProblems } from '../../test/train-bot.ts'

const DOMAIN: DomainJson = {
  intents: ['greet', 'bye', 'book', 'inform', 'ask', 'stop'],
  entities: ['city'],
  slots: {
    city: { type: 'text', mappings: [{ type: 'from_entity', entity: 'city' }] },
    member: { type: 'bool', mappings: [{ type: 'custom' }] },
  },
  responses: {
    utter_greet: [{ text: 'Hi' }],
    utter_member: [{ text: 'Welcome back' }],
    utter_bye: [{ text: 'Bye' }],
    utter_ask_city: [{ text: 'Where?' }],
    utter_booked: [{ text: 'Booked' }],
    utter_answer: [{ text: 'Because' }],
  },
  forms: { trip_form: { required_slots: ['city'] } },
}

const BOT = `
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: greet a member
  condition:
  - slot_was_set:
    - member: true
  steps:
  - intent: greet
  - action: utter_member
- rule: begin
  conversation_start: true
  steps:
  - intent: bye
  - action: utter_greet
- rule: form
  steps:
  - intent: book
  - action: trip_form
  - active_loop: trip_form
- rule: form is done
  condition:
  - active_loop: trip_form
  steps:
  - action: trip_form
  - active_loop: null
  - action: utter_booked
- rule: question
  steps:
  - intent: ask
  - action: utter_answer
stories:
- story: seen
  steps:
  - intent: greet
  - action: utter_greet
  - intent: stop
  - action: utter_bye
`

test('a rule answers its intent wherever the conversation is, then listens', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.is(bot.next('> greet'), 'utter_greet R 1')
  t.is(bot.next('> greet', 'utter_greet'), 'action_listen R 1')
  t.is(bot.next('> ask', 'utter_answer', 'action_listen', '> greet'), 'utter_greet R 1')
})

test('of two rules that fit the one that says more decides', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.is(bot.next('slot member=true', '> greet'), 'utter_member R 1')
  t.is(bot.next('slot member=false', '> greet'), 'utter_greet R 1')
})

test('a rule for the beginning of a conversation holds at its beginning alone', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.is(bot.next('> bye'), 'utter_greet R 1')
  t.is(bot.next('> greet', 'utter_greet', 'action_listen', '> bye'), 'action_default_fallback R 0.3')
})

test('where no rule fits, the fallback has its threshold, and its own settings count', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.is(bot.next('> inform'), 'action_default_fallback R 0.3')
  const own = await trainBot(DOMAIN, BOT, [
    { name: 'RulePolicy', options: { core_fallback_threshold: 0.5, core_fallback_action_name: 'utter_bye' } },
  ])
  t.is(own.next('> inform'), 'utter_bye R 0.5')
  const off = await trainBot(DOMAIN, BOT, [
    { name: 'RulePolicy', options: { enable_fallback_prediction: false } },
  ])
  t.is(off.next('> inform'), 'action_listen R 0')
})

test('a form runs until it listens, and goes on with the next message', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  const started = ['> book', 'trip_form', 'loop trip_form']
  t.is(bot.next('> book'), 'trip_form R 1')
  t.is(bot.next(...started), 'action_listen R 1')
  const running = bot.predict(...started, 'action_listen', '> inform')
  t.like(running, { actionName: 'trip_form', isNoUser: true })
  t.is(
    bot.next(...started, 'action_listen', '> inform', 'trip_form', 'slot city="Rome"', 'loop null'),
    'utter_booked R 1',
  )
})

test('a question inside a form is answered, and the form goes on without taking it for an answer', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  const asked = [
    '> book',
    'trip_form',
    'loop trip_form',
    'slot requested_slot="city"',
    'action_listen',
    '> ask',
    'reject trip_form',
  ]
  t.is(bot.next(...asked), 'utter_answer R 1')
  t.is(bot.next(...asked, 'utter_answer'), 'trip_form R 1')
})

test('a rejected action is not tried again: what remains is the fallback', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.is(bot.next('> greet', 'reject utter_greet'), 'action_default_fallback R 0.3')
})

test('restart overrules rules, and works in the middle of a form', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.is(bot.next('> restart'), 'action_restart R 1')
  t.is(bot.next('> book', 'trip_form', 'loop trip_form', 'action_listen', '> back'), 'action_back R 1')
})

test('a turn of a rule that no story shows is hidden from policies that learn from stories', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  t.true(bot.predict('> ask').hideRuleTurn)
  t.false(bot.predict('> greet').hideRuleTurn)
})

test('a person can see why: the rule that decided with its line', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  const { reason } = bot.predict('> ask')
  t.like(reason, { policy: 'RulePolicy', action: 'utter_answer', source: { kind: 'rule', name: 'question' } })
  t.is(reason.source?.position?.file, 'stories.yml')
})

test('a policy that was saved and loaded predicts the same', async t => {
  const bot = await trainBot(DOMAIN, BOT, RULES)
  const saved = bot.policies.map(policy => ({
    name: policy.name,
    part: {
      header: JSON.parse(JSON.stringify(policy.save().header)) as Record<string, unknown>,
      tensors: {},
    },
  }))
  const loaded = createEnsemble(loadPolicies(RULES, saved, bot.domain), bot.domain)
  for (const lines of [
    ['> greet'],
    ['slot member=true', '> greet'],
    ['> book', 'trip_form', 'loop trip_form'],
  ]) {
    const tracker = conversation(bot.domain, lines)
    t.deepEqual(loaded.predict(tracker), bot.predict(...lines))
  }
})

test('a story that says something else than a rule stops training, with both sides named', async t => {
  const problems = await trainingProblems(
    DOMAIN,
    `${BOT}
- story: other
  steps:
  - intent: ask
  - action: utter_bye
`,
  )
  t.is(problems.length, 1)
  t.like(problems[0], { code: 'rule.contradiction', severity: 'error' })
  const message = problems[0]?.message ?? ''
  t.true(message.includes("'utter_bye' in the story 'other'"), message)
  t.true(message.includes("the rule 'question' (stories.yml:"), message)
  t.is(problems[0]?.position?.line, BOT.split('\n').length + 4)
})

test('a rule that leaves out the form that other rules start stops training', async t => {
  const problems = await trainingProblems(
    DOMAIN,
    `
rules:
- rule: whole
  steps:
  - intent: book
  - action: trip_form
  - active_loop: trip_form
- rule: half
  steps:
  - intent: stop
  - action: trip_form
`,
  )
  t.deepEqual(
    problems.map(({ code }) => code),
    ['rule.incomplete-loop'],
  )
  t.true(problems[0]?.message.includes("'half'"))
})

test('a rule that leaves out a slot that other rules set stops training', async t => {
  const problems = await trainingProblems(
    DOMAIN,
    `
rules:
- rule: sets
  steps:
  - intent: book
  - action: utter_booked
  - slot_was_set:
    - member: true
- rule: forgets
  steps:
  - intent: stop
  - action: utter_booked
`,
  )
  t.deepEqual(
    problems.map(({ code }) => code),
    ['rule.incomplete-slots'],
  )
})

test('a rule of two messages is refused unless the config allows it', async t => {
  const long = `
rules:
- rule: long
  steps:
  - intent: greet
  - action: utter_greet
  - intent: bye
  - action: utter_bye
`
  t.deepEqual(
    (await trainingProblems(DOMAIN, long)).map(({ code }) => code),
    ['rule.several-messages'],
  )
  t.deepEqual(
    await trainingProblems(DOMAIN, long, [{ name: 'RulePolicy', options: { restrict_rules: false } }]),
    [],
  )
})

test('a fallback action that the domain lacks is named, with the one that was meant', async t => {
  const problems = await trainingProblems(DOMAIN, BOT, [
    { name: 'RulePolicy', options: { core_fallback_action_name: 'utter_bey' } },
  ])
  t.like(problems[0], { code: 'policy.fallback-action', hint: "Did you mean 'utter_bye'?" })
})
