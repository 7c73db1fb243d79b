import test from 'ava'
import type { DomainJson } from '@tabula/protocol'
import { MEMORY_AND_RULES, trainBot } from '../../test/train-bot.ts'

const DOMAIN: DomainJson = {
  intents: ['greet', 'good', 'bad', 'ask', 'bye'],
  entities: ['city'],
  slots: { seen: { type: 'bool', mappings: [{ type: 'custom' }] } },
  responses: {
    utter_greet: [{ text: 'Hi' }],
    utter_happy: [{ text: 'Fine' }],
    utter_sad: [{ text: 'Oh' }],
    utter_bye: [{ text: 'Bye' }],
    utter_answer: [{ text: 'So' }],
  },
}

const STORIES = `
rules:
- rule: ask
  steps:
  - intent: ask
  - action: utter_answer
stories:
- story: happy
  steps:
  - intent: greet
  - action: utter_greet
  - intent: good
  - action: utter_happy
- story: sad
  steps:
  - intent: greet
  - action: utter_greet
  - intent: bad
  - action: utter_sad
`

const only = (name: string, options = {}) => [{ name, options }]

test('a story that is being told goes on as it was written', async t => {
  const bot = await trainBot(DOMAIN, STORIES)
  t.is(bot.next('> greet'), 'utter_greet M 1')
  t.is(bot.next('> greet', 'utter_greet'), 'action_listen M 1')
  t.is(bot.next('> greet', 'utter_greet', 'action_listen', '> bad'), 'utter_sad M 1')
  t.like(bot.predict('> greet').reason.source, { kind: 'story', name: 'happy' })
})

test('a conversation that no story has is not guessed at', async t => {
  const bot = await trainBot(DOMAIN, STORIES)
  t.is(bot.next('> bad'), 'action_default_fallback R 0.3')
  t.is(bot.next('> greet{city}'), 'action_default_fallback R 0.3')
})

test('a hidden turn of a rule does not end a story', async t => {
  const bot = await trainBot(DOMAIN, STORIES)
  const detour = ['> ask', 'utter_answer hidden', 'action_listen hidden']
  t.is(bot.next('> greet', 'utter_greet', 'action_listen', ...detour, '> bad'), 'utter_sad M 1')
})

test('where two stories go on differently, none is remembered', async t => {
  const bot = await trainBot(
    DOMAIN,
    `${STORIES}
- story: other
  steps:
  - intent: greet
  - action: utter_bye
`,
    only('MemoizationPolicy'),
  )
  t.is(bot.next('> greet'), 'action_listen M 0')
  t.is(bot.next('> greet', 'utter_greet'), 'action_listen M 1')
})

test('with max_history only the last states must agree', async t => {
  const bot = await trainBot(DOMAIN, STORIES, only('MemoizationPolicy', { max_history: 2 }))
  const before = ['> bye', 'utter_bye', 'action_listen', '> greet', 'utter_greet']
  t.is(bot.next(...before, 'action_listen', '> bad'), 'utter_sad M 1')
  const whole = await trainBot(DOMAIN, STORIES, only('MemoizationPolicy'))
  t.is(whole.next(...before, 'action_listen', '> bad'), 'action_listen M 0')
})

test('the augmented policy forgets what came before a story, and slots with it', async t => {
  const bot = await trainBot(DOMAIN, STORIES, only('AugmentedMemoizationPolicy'))
  const before = ['slot seen=true', '> bye', 'utter_bye', 'action_listen', '> greet', 'utter_greet']
  t.is(bot.next(...before), 'action_listen A 1')
  t.is(bot.next(...before, 'action_listen', '> good'), 'utter_happy A 1')
  const plain = await trainBot(DOMAIN, STORIES, only('MemoizationPolicy'))
  t.is(plain.next(...before), 'action_listen M 0')
})

test('of two policies that are equally sure the one of higher priority decides, then the first listed', async t => {
  const bot = await trainBot(DOMAIN, STORIES, [
    { name: 'MemoizationPolicy', options: {} },
    { name: 'AugmentedMemoizationPolicy', options: { priority: 5 } },
  ])
  t.is(bot.next('> greet'), 'utter_greet A 1')
  const tied = await trainBot(DOMAIN, STORIES, [
    { name: 'MemoizationPolicy', options: {} },
    { name: 'AugmentedMemoizationPolicy', options: {} },
  ])
  t.is(tied.next('> greet'), 'utter_greet M 1')
  t.like(bot.predict('> ask'), { confidence: 0 })
})

test('a message is marked as understood by its intent, once, by the ensemble', async t => {
  const bot = await trainBot(DOMAIN, STORIES, MEMORY_AND_RULES)
  t.deepEqual(bot.predict('> greet').mandatoryEvents, [
    { event: 'user_featurization', use_text_for_featurization: false },
  ])
  t.deepEqual(bot.predict('> greet', 'utter_greet').mandatoryEvents, [])
})
