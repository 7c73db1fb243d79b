import test from 'ava'
import type { StoryData, StoryStep } from '@tabula/dialogue'
import { readStories } from './read-stories.ts'
import { readYaml } from './read-yaml.ts'
import { Problems } from './yaml-node.ts'

function read(text: string): { stories: readonly StoryData[]; told: readonly string[] } {
  const problems = new Problems()
  const tree = readYaml(text, 'stories.yml', problems, {})
  const stories = tree === null ? [] : readStories(tree, problems)
  return { stories, told: problems.all.map(({ code, position }) => `${code} ${position?.line ?? 0}`) }
}

/** The steps below a story, without their places. */
function steps(...lines: readonly string[]): unknown[] {
  const text = `stories:\n- story: one\n  steps:\n${lines.map(line => `  ${line}\n`).join('')}`
  return (read(text).stories[0]?.steps ?? []).map(bare)
}

function bare(step: StoryStep): unknown {
  return JSON.parse(JSON.stringify(step, (key, value: unknown) => (key === 'position' ? undefined : value)))
}

test('messages are read with their entities in every form that Rasa takes', t => {
  t.deepEqual(
    steps('- intent: /book', '  entities:', '  - city', '  - city: Rome', '    role: from', '  - date: null'),
    [
      {
        kind: 'user',
        intent: 'book',
        entities: [
          { entity: 'city', value: '' },
          { entity: 'city', value: 'Rome', role: 'from' },
          { entity: 'date' },
        ],
      },
    ],
  )
  t.deepEqual(steps('- user: "to [Rome](city)"', '  intent: book'), [
    {
      kind: 'user',
      intent: 'book',
      text: 'to Rome',
      entities: [{ entity: 'city', value: 'Rome', start: 3, end: 7 }],
    },
  ])
  t.deepEqual(steps(`- user: '/book{"city": ["Rome", "Oslo"]}'`), [
    {
      kind: 'user',
      text: '/book{"city": ["Rome", "Oslo"]}',
      entities: [
        { entity: 'city', value: 'Rome' },
        { entity: 'city', value: 'Oslo' },
      ],
    },
  ])
})

test('actions, answers, slots, loops, checkpoints and alternatives are read', t => {
  t.deepEqual(
    steps(
      '- action: utter_hi',
      '- bot: "Hi!"',
      '- slot_was_set:',
      '  - city',
      '  - size: 3',
      '    gone: null',
      '- active_loop: trip',
      '- active_loop: null',
      '- checkpoint: mid',
      '  slot_was_set:',
      '  - ok: true',
      '- or:',
      '  - intent: yes',
      '  - slot_was_set:',
      '    - city',
    ),
    [
      { kind: 'action', name: 'utter_hi' },
      { kind: 'bot', text: 'Hi!' },
      { kind: 'slot', name: 'city' },
      { kind: 'slot', name: 'size', value: 3 },
      { kind: 'slot', name: 'gone', value: null },
      { kind: 'active_loop', name: 'trip' },
      { kind: 'active_loop', name: null },
      { kind: 'checkpoint', name: 'mid', slots: [{ kind: 'slot', name: 'ok', value: true }] },
      {
        kind: 'or',
        alternatives: [
          { kind: 'user', intent: 'yes', entities: [] },
          { kind: 'slot', name: 'city' },
        ],
      },
    ],
  )
})

test('rules have conditions, a start and an end of their own', t => {
  const { stories } = read(`rules:
- rule: one
  conversation_start: true
  wait_for_user_input: false
  condition:
  - active_loop: trip
  - slot_was_set:
    - city: null
  steps:
  - intent: greet
  - action: utter_greet
`)
  t.like(stories[0], { kind: 'rule', name: 'one', conversationStart: true, waitForUserInput: false })
  t.deepEqual(stories[0]?.condition?.map(bare), [
    { kind: 'active_loop', name: 'trip' },
    { kind: 'slot', name: 'city', value: null },
  ])
})

test('what is not as it must be is told with its line and does not hide the rest', t => {
  const { stories, told } = read(`stories:
- stroy: typo
- story: no steps
- story: odd
  steps:
  - intent:
  - acton: utter_hi
  - action:
  - slot_was_set: city
  - or:
    - acton: x
  - action: utter_hi
rules:
- rule: with an answer
  steps:
  - checkpoint: x
  - bot: Hi
`)
  t.deepEqual(
    stories.map(({ name, steps }) => `${name}: ${steps.map(({ kind }) => kind).join()}`),
    ['odd: user,action', 'with an answer: checkpoint,bot'],
  )
  t.deepEqual(told, [
    'stories.unknown-item 2',
    'stories.no-steps 3',
    'stories.intent-empty 6',
    'stories.unknown-step 7',
    'stories.action-nameless 8',
    'stories.slots-shape 9',
    'stories.or-shape 11',
    'rules.checkpoint 16',
    'rules.bot-step 17',
  ])
  t.deepEqual(read('stories: 3\n').told, ['stories.not-a-list 1'])
  t.deepEqual(read('stories:\nrules:\n').told, [])
})

test('yes and no stay words, true and false do not, as in Rasa', t => {
  t.deepEqual(
    steps('- slot_was_set:', '  - a: yes', '  - b: off', '  - c: true', '  - d: 012', '  - e: 1.50'),
    [
      { kind: 'slot', name: 'a', value: 'yes' },
      { kind: 'slot', name: 'b', value: 'off' },
      { kind: 'slot', name: 'c', value: true },
      { kind: 'slot', name: 'd', value: 12 },
      { kind: 'slot', name: 'e', value: 1.5 },
    ],
  )
})
