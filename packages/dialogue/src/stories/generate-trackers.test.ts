import test from 'ava'
import type { DomainJson } from '@tabula/protocol'
import { Domain } from '../domain/domain.ts'
import { readStories } from '../../test/read-stories.ts'
import { generateTrackers, type GenerationOptions } from './generate-trackers.ts'
import type { TrainingTracker } from './training-tracker.ts'

const DOMAIN: DomainJson = {
  intents: ['greet', 'name', 'bye', 'yes', 'no'],
  entities: ['name'],
  slots: {
    name: { type: 'text', mappings: [{ type: 'from_entity', entity: 'name' }] },
    color: { type: 'categorical', values: ['red', 'blue'], mappings: [{ type: 'custom' }] },
    mood: { type: 'any', mappings: [{ type: 'custom' }] },
  },
  responses: { utter_greet: [{ text: 'Hi' }], utter_bye: [{ text: 'Bye' }], utter_ok: [{ text: 'Ok' }] },
  forms: { a_form: { required_slots: ['name'] } },
  actions: ['action_look'],
  e2e_actions: ['Good day'],
}
const domain = Domain.fromJson(DOMAIN)

function generate(text: string, options: Partial<GenerationOptions> = {}) {
  return generateTrackers(readStories(text), domain, { augmentation: 0, seed: 1, ...options })
}

/** `listen > greet utter_greet listen`: messages after `>`, slots as name=value, loops in brackets. */
function line({ events }: TrainingTracker): string {
  return events
    .map(({ event }) => {
      if (event.event === 'user') return `> ${event.parse_data.intent.name ?? event.text ?? ''}`
      if (event.event === 'action')
        return (event.name ?? `"${event.action_text ?? ''}"`).replace('action_', '')
      if (event.event === 'slot') return `${event.name}=${JSON.stringify(event.value)}`
      return event.event === 'active_loop' ? `[${event.name ?? ''}]` : event.event
    })
    .join(' ')
}

const lines = (text: string, options?: Partial<GenerationOptions>) =>
  generate(text, options).trackers.map(line)

test('a story becomes a conversation with the listens and entity slots that nobody writes', t => {
  t.deepEqual(
    lines(`
stories:
- story: one
  steps:
  - intent: greet
  - action: utter_greet
  - intent: name
    entities:
    - name: Ann
  - action: utter_ok
`),
    ['listen > greet utter_greet listen > name name="Ann" utter_ok listen'],
  )
})

test('a rule may begin and end anywhere, so whatever happened stands around it', t => {
  t.deepEqual(
    lines(`
rules:
- rule: plain
  steps:
  - intent: greet
  - action: utter_greet
- rule: goes on
  wait_for_user_input: false
  condition:
  - slot_was_set:
    - name: null
  - active_loop: a_form
  steps:
  - intent: bye
  - action: utter_bye
- rule: at the beginning
  conversation_start: true
  steps:
  - intent: bye
  - action: utter_greet
`).toSorted(),
    [
      '... listen > greet utter_greet listen',
      'listen > bye utter_greet listen',
      'name="should_not_be_set" [a_form] ... listen > bye utter_bye ... listen',
    ],
  )
})

test('each way through or-statements is a conversation', t => {
  t.deepEqual(
    lines(`
stories:
- story: ways
  steps:
  - or:
    - intent: yes
    - intent: no
  - action: utter_ok
  - or:
    - intent: greet
    - intent: bye
  - action: utter_bye
`).toSorted(),
    [
      'listen > no utter_ok listen > bye utter_bye listen',
      'listen > no utter_ok listen > greet utter_bye listen',
      'listen > yes utter_ok listen > bye utter_bye listen',
      'listen > yes utter_ok listen > greet utter_bye listen',
    ],
  )
})

const CHECKPOINTS = `
stories:
- story: begin
  steps:
  - intent: greet
  - action: utter_greet
  - checkpoint: ask
- story: red
  steps:
  - checkpoint: ask
  - intent: yes
  - slot_was_set:
    - color: red
  - checkpoint: told
- story: blue
  steps:
  - checkpoint: ask
  - intent: no
  - slot_was_set:
    - color: blue
  - checkpoint: told
- story: only red
  steps:
  - checkpoint: told
    slot_was_set:
    - color: red
  - action: utter_ok
- story: any color
  steps:
  - checkpoint: told
  - intent: bye
  - action: utter_bye
`

test('stories are joined at checkpoints whose slots agree, under the names of all of them', t => {
  const { trackers, problems } = generate(CHECKPOINTS)
  t.deepEqual(trackers.map(line).toSorted(), [
    'listen > greet utter_greet listen > no color="blue" listen > bye utter_bye listen',
    'listen > greet utter_greet listen > yes color="red" listen > bye utter_bye listen',
    'listen > greet utter_greet listen > yes color="red" utter_ok listen',
  ])
  t.true(trackers.some(({ name }) => name === 'begin > red > only red'))
  t.deepEqual(problems, [])
})

test('a circle of checkpoints is walked round a few times, and training ends', t => {
  const walked = lines(`
stories:
- story: begin
  steps:
  - intent: greet
  - checkpoint: again
- story: round
  steps:
  - checkpoint: again
  - intent: name
  - action: utter_ok
  - checkpoint: again
- story: out
  steps:
  - checkpoint: again
  - intent: bye
  - action: utter_bye
`)
  t.true(walked.includes('listen > greet listen > bye utter_bye listen'))
  t.true(walked.includes('listen > greet listen > name utter_ok listen > bye utter_bye listen'))
})

test('a checkpoint that leads nowhere is pointed out with its line and the name that was meant', t => {
  const { problems } = generate(
    CHECKPOINTS.replace('- checkpoint: told\n- story: blue', '- checkpoint: tolt\n- story: blue'),
  )
  t.like(problems[0], { severity: 'warning', code: 'story.checkpoint-without-start' })
  t.true(problems[0]?.position !== undefined && (problems[0].hint ?? '').includes("'told'"))
})

test('the same conversation is learned once, from whichever stories it comes', t => {
  const twice = `
stories:
- story: one
  steps: &steps
  - intent: greet
  - action: utter_greet
- story: two
  steps: *steps
`
  t.is(lines(twice).length, 1)
})

test('a slot by name alone counts as filled where its type allows that', t => {
  const { trackers, problems } = generate(`
stories:
- story: slots
  steps:
  - intent: greet
  - slot_was_set:
    - name
    - mood
    - color
  - action: utter_greet
`)
  t.deepEqual(trackers.map(line), ['listen > greet name="filled" mood=null color=null utter_greet listen'])
  t.deepEqual(
    problems.map(({ code }) => code),
    ['story.slot-without-value'],
  )
})

test('end-to-end lines keep their words, and an answer that is no action of the domain is an error', t => {
  const { trackers, problems } = generate(`
stories:
- story: words
  steps:
  - user: good morning
  - bot: Good day
  - user: bye
  - bot: So long
`)
  t.deepEqual(trackers.map(line), ['listen > good morning "Good day" listen > bye "So long" listen'])
  t.deepEqual(
    problems.map(({ code, position }) => [code, position?.line]),
    [['story.unknown-answer', 8]],
  )
})

test('an action that the domain lacks is an error at its line, a missing response only a warning', t => {
  const { problems } = generate(`
rules:
- rule: lacks
  steps:
  - intent: greet
  - action: action_lok
  - action: utter_gone
`)
  t.deepEqual(
    problems.map(({ code, severity, position, hint }) => [code, severity, position?.line, hint]),
    [
      ['story.unknown-action', 'error', 6, "Did you mean 'action_look'?"],
      ['story.unknown-action', 'warning', 7, "Did you mean 'utter_bye'?"],
    ],
  )
})

const FEW = `
stories:
- story: a
  steps:
  - intent: greet
  - action: utter_greet
- story: b
  steps:
  - intent: bye
  - action: utter_bye
- story: c
  steps:
  - intent: yes
  - action: utter_ok
`

test('glued stories are made as often as augmentation says, the same ones for the same seed', t => {
  t.is(lines(FEW).length, 3)
  const glued = generate(FEW, { augmentation: 2 }).trackers.filter(({ isAugmented }) => isAugmented)
  t.true(glued.length > 0 && glued.length <= 20)
  t.true(glued.some(tracker => line(tracker).split('>').length > 2))
  t.deepEqual(lines(FEW, { augmentation: 2 }), lines(FEW, { augmentation: 2 }))
  t.deepEqual(
    generate(FEW, { augmentation: 2 })
      .trackers.filter(({ isAugmented }) => !isAugmented)
      .map(line),
    lines(FEW),
  )
})
