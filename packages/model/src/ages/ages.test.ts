// Projects of Rasa 1 and 2, read as they stand.

import test from 'ava'
import { projectFolder } from '../../test/project-folder.ts'
import { ProjectError } from '@tabula/protocol'
import { readProject } from '../readers.ts'
import { kindOfMarkdown } from './markdown-lines.ts'
import { readMarkdownResponses } from './read-markdown-responses.ts'
import { readMarkdownStories } from './read-markdown-stories.ts'
import { Problems } from '../project/yaml-node.ts'

const OLD_BOT = {
  'config.yml': `language: en
pipeline: supervised_embeddings
policies:
- name: KerasPolicy
  epochs: 10
  batch_size: 3
- name: MemoizationPolicy
- name: TwoStageFallbackPolicy
  nlu_threshold: 0.5
  fallback_core_action_name: utter_lost
- name: MappingPolicy
`,
  'domain.yml': `intents:
- greet
- ask_time:
    triggers: utter_time
- out_of_scope:
    use_entities: false
entities: [city]
slots:
  city: {type: text}
  seen: {type: unfeaturized, auto_fill: false}
templates:
  utter_greet:
  - Hello!
  utter_time:
  - text: Noon.
  utter_lost:
  - text: I am lost.
actions: [action_deactivate_form]
forms: [city_form]
`,
  'data/nlu.md': `## intent:greet
- hello <!-- not this -->
- hello from [Rome](city)
- hello from [the big apple](city:New York)

## synonym:Rome
- roma
`,
  'data/stories.md': `## greet
* greet{"city": "Rome"} OR greet
  - slot{"city": "Rome"}
  - utter_greet
> met

## go on
> met
* form: greet
  - city_form
  - form{"name": "city_form"}
  - action_deactivate_form
  - form{"name": null}
`,
  'data/README.md': '# About these data\n\nThey are old.\n',
}

test('a project of Rasa 1 is read whole, and every kind of translation is told', async t => {
  const project = await readProject({ root: await projectFolder(t, OLD_BOT) })
  t.is(project.age, '1')
  const names = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name)
  t.deepEqual(names(project.config.policies), ['TEDPolicy', 'MemoizationPolicy', 'RulePolicy'])
  t.deepEqual(project.config.policies[0]?.options, { epochs: 10 })
  t.is(project.config.policies[1]?.options['max_history'], 5)
  t.like(project.config.policies[2]?.options, {
    core_fallback_action_name: 'utter_lost',
    core_fallback_threshold: 0.3,
  })
  t.deepEqual(project.config.pipeline.at(-1), {
    name: 'FallbackClassifier',
    options: { threshold: 0.5, ambiguity_threshold: 0.1 },
    position: project.config.policies[2]?.position,
  })
  t.deepEqual(project.domain.slots, {
    city: { type: 'text', mappings: [{ type: 'from_entity', entity: 'city' }] },
    seen: { type: 'any', influence_conversation: false, mappings: [{ type: 'custom' }] },
  })
  t.deepEqual(project.domain.responses?.['utter_greet'], [{ text: 'Hello!' }])
  t.deepEqual(project.domain.actions, ['action_deactivate_loop', 'city_form'])
  t.deepEqual(project.domain.forms, { city_form: { required_slots: [] } })
  t.deepEqual(
    project.nlu.examples.map(({ text, entities }) => [text, ...entities.map(({ value }) => value)]),
    [['hello'], ['hello from Rome', 'Rome'], ['hello from the big apple', 'New York']],
  )
  t.deepEqual(
    [...project.nlu.synonyms],
    [
      ['the big apple', 'New York'],
      ['roma', 'Rome'],
    ],
  )
  t.deepEqual(
    project.stories.map(({ kind, name }) => `${kind} ${name}`),
    [
      'story greet',
      'story go on',
      'rule ask_time triggers utter_time',
      'rule ask again what is not understood',
      'rule listen after utter_lost',
    ],
  )
  t.deepEqual(
    project.stories[1]?.steps.map(step => step.kind),
    ['checkpoint', 'action', 'active_loop', 'action', 'active_loop'],
  )
  const told = project.problems.filter(({ code }) => code === 'age.translated')
  t.is(told.length, 6)
  t.true(told.every(({ position }) => position !== undefined))
})

test('a project of Rasa 3 is never taken for an older one, whatever its files lack', async t => {
  const root = await projectFolder(t, {
    'config.yml': 'recipe: default.v1\nassistant_id: x\nlanguage: en\npolicies:\n- name: RulePolicy\n',
    'domain.yml': 'version: "3.1"\nslots:\n  city:\n    type: text\n',
  })
  const error = await t.throwsAsync(readProject({ root }), { instanceOf: ProjectError })
  t.regex(error.message, /The slot 'city' has no mappings/)
})

test('what is wrong in Markdown is told with its line', t => {
  const problems = new Problems()
  const text = '* too early\n## a story\n* greet{"city": }\nhello\n  - utter_greet\n'
  const stories = readMarkdownStories(text, 'stories.md', problems)
  t.is(stories.length, 1)
  t.deepEqual(
    problems.all.map(({ code, position }) => `${code} ${position?.line}:${position?.column}`),
    ['markdown.before-story 1:1', 'markdown.json 3:1', 'markdown.line 4:1'],
  )
})

test('a file of Markdown is known by what it says', t => {
  t.is(kindOfMarkdown('# Notes\n\n- one\n- two\n'), null)
  t.is(kindOfMarkdown('## intent:greet\n- hello\n'), 'nlu')
  t.is(kindOfMarkdown('## greet\n* greet\n  - utter_greet\n'), 'stories')
  const responses = '## opening\n* faq/opening\n  - We open at nine.\n'
  t.is(kindOfMarkdown(responses), 'responses')
  t.deepEqual(readMarkdownResponses(responses, 'x.md'), [
    ['utter_faq/opening', [{ text: 'We open at nine.' }]],
  ])
})
