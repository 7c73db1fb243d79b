import { encodePart } from '@tabula/ml'
import test from 'ava'
import { conversation, trainBot } from '../../test/train-bot.ts'
import { loadPolicies } from './train-policies.ts'

const DOMAIN = {
  intents: ['greet', 'ask', 'thank', 'bye'],
  slots: { city: { type: 'text', mappings: [] } },
  responses: Object.fromEntries(
    ['utter_greet', 'utter_where', 'utter_weather', 'utter_welcome', 'utter_bye'].map(name => [
      name,
      [{ text: name }],
    ]),
  ),
}
const STORIES = `
stories:
- story: with a city
  steps:
  - intent: greet
  - action: utter_greet
  - intent: ask
  - slot_was_set:
    - city: Rome
  - action: utter_weather
  - intent: thank
  - action: utter_welcome
  - intent: bye
  - action: utter_bye
- story: without a city
  steps:
  - intent: ask
  - action: utter_where
  - intent: bye
  - action: utter_bye
`
const TED = [
  {
    name: 'TEDPolicy',
    options: {
      max_history: 5,
      epochs: 120,
      learning_rate: 0.003,
      constrain_similarities: true,
      random_seed: 1,
    },
  },
]

test('what stories do is done, and what a slot decides as well', async t => {
  const bot = await trainBot(DOMAIN, STORIES, TED)
  t.is(bot.predict('> ask').actionName, 'utter_where')
  t.is(bot.predict('> ask', 'slot city="Oslo"').actionName, 'utter_weather')
  t.is(bot.predict('> ask', 'slot city="Oslo"', 'utter_weather').actionName, 'action_listen')
})

test('where no story fits exactly, the nearest one is followed', async t => {
  const bot = await trainBot(DOMAIN, STORIES, TED)
  const { actionName, confidence, policy } = bot.predict('> greet', 'utter_greet', 'action_listen', '> bye')
  t.is(actionName, 'utter_bye')
  t.is(policy, 'TEDPolicy')
  t.true(confidence > 0.5 && confidence < 1)
})

test('a policy that was saved predicts as before, and the same seed gives the same bytes', async t => {
  const first = await trainBot(DOMAIN, STORIES, TED)
  const second = await trainBot(DOMAIN, STORIES, TED)
  const [part, again] = [first, second].map(bot => bot.policies[0]?.save() ?? { header: {}, tensors: {} })
  if (part === undefined || again === undefined) return t.fail()
  t.deepEqual(encodePart(part), encodePart(again))
  const [loaded] = loadPolicies(TED, [{ name: 'TEDPolicy', part }], first.domain)
  const tracker = conversation(first.domain, ['> greet', 'utter_greet', 'action_listen', '> thank'])
  t.deepEqual(loaded?.predict(tracker), first.policies[0]?.predict(tracker))
})

test('a message that stories have by its words is understood by them', async t => {
  const bot = await trainBot(
    { ...DOMAIN, e2e_actions: ['Fine, and you?'] },
    `${STORIES}
- story: in words
  steps:
  - user: how are you today
  - bot: Fine, and you?
  - intent: bye
  - action: utter_bye
`,
    TED,
  )
  const { actionText, isEndToEnd } = bot.predict('say how are you')
  t.is(actionText, 'Fine, and you?')
  t.true(isEndToEnd)
  t.false(bot.predict('> ask').isEndToEnd)
})

test('only so many actions as ranking_length keep a confidence', async t => {
  const [config] = TED
  const options = { ...config?.options, epochs: 5, ranking_length: 2, renormalize_confidences: true }
  const bot = await trainBot(DOMAIN, STORIES, [{ name: 'TEDPolicy', options }])
  const kept = bot.predict('> ask').probabilities.filter(probability => probability > 0)
  t.is(kept.length, 2)
  t.true(Math.abs(kept.reduce((sum, each) => sum + each, 0) - 1) < 1e-6)
})

test('a server that has heard more ways through a conversation than it keeps in mind answers as before', async t => {
  const others = Array.from({ length: 60 }, (_, number) => `other${number}`)
  const ted = TED.map(({ name, options }) => ({ name, options: { ...options, max_history: 10, epochs: 5 } }))
  const bot = await trainBot({ ...DOMAIN, intents: [...DOMAIN.intents, ...others] }, STORIES, ted)
  const lines = ['> greet', 'utter_greet', 'action_listen', '> bye']
  const before = bot.predict(...lines)
  for (let way = 0; way < 2400; way += 1) {
    const said = [way, Math.floor(way / 60), way, way].map(number => others[number % 60] ?? '')
    bot.predict(...said.flatMap(intent => [`> ${intent}`, 'utter_where', 'action_listen']))
  }
  t.deepEqual(bot.predict(...lines), before)
})
