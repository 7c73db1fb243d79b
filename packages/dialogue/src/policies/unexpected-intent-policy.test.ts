import test from 'ava'
import { trainBot } from '../../test/train-bot.ts'

const DOMAIN = {
  intents: ['greet', 'order', 'pay', 'bye', 'unseen'],
  responses: Object.fromEntries(
    ['utter_greet', 'utter_order', 'utter_pay', 'utter_bye'].map(name => [name, [{ text: name }]]),
  ),
}
const STORIES = `
stories:
- story: order and pay
  steps:
  - intent: greet
  - action: utter_greet
  - intent: order
  - action: utter_order
  - intent: pay
  - action: utter_pay
  - intent: bye
  - action: utter_bye
- story: leave at once
  steps:
  - intent: greet
  - action: utter_greet
  - intent: bye
  - action: utter_bye
`
const policy = (options = {}) => [
  {
    name: 'UnexpecTEDIntentPolicy',
    options: { max_history: 5, epochs: 150, learning_rate: 0.003, random_seed: 2, ...options },
  },
]
const GREETED = ['> greet', 'utter_greet', 'action_listen']

test('an intent that no story has here is unlikely, with its scores beside it', async t => {
  const bot = await trainBot(DOMAIN, STORIES, policy())
  const { actionName, confidence, actionMetadata } = bot.predict(...GREETED, '> pay')
  t.is(actionName, 'action_unlikely_intent')
  t.is(confidence, 1)
  const { query_intent, ranking } = actionMetadata as unknown as {
    readonly query_intent: { name: string; score: number; threshold: number; severity: number }
    readonly ranking: readonly { name: string }[]
  }
  t.is(query_intent.name, 'pay')
  t.true(query_intent.score < query_intent.threshold)
  t.is(query_intent.severity, query_intent.threshold - query_intent.score)
  t.deepEqual(
    ranking
      .slice(0, 2)
      .map(({ name }) => name)
      .toSorted(),
    ['bye', 'order'],
  )
})

test('what stories have here is likely; so is what no story has at all, and what is to be ignored', async t => {
  const bot = await trainBot(DOMAIN, STORIES, policy({ ignore_intents_list: ['pay'] }))
  for (const intent of ['order', 'bye', 'unseen', 'pay'])
    t.is(bot.predict(...GREETED, `> ${intent}`).confidence, 0, intent)
})

test('an intent is judged once: not after something was done about it', async t => {
  const bot = await trainBot(DOMAIN, STORIES, policy())
  t.is(bot.predict(...GREETED, '> pay', 'action_unlikely_intent').confidence, 0)
})

test('a tolerance that cannot be is refused', async t => {
  await t.throwsAsync(trainBot(DOMAIN, STORIES, policy({ tolerance: 2 })), { message: /tolerance/ })
})
