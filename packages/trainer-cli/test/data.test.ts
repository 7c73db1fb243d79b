// bot data: validate, split, convert.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { readDataFiles } from '@tabula/model'
import { quickBot, tinyBot } from './bot.ts'

test('validate finds before training what would go wrong with the bot, each with its place', async t => {
  const folder = await tinyBot(t, {
    'domain.yml': `version: "3.1"
intents: [greet, goodbye]
entities: [city]
slots:
  city: {type: text, mappings: [{type: from_entity, entity: city}]}
  mood: {type: text, mappings: []}
  age: {type: float, mappings: []}
forms:
  mood_form:
    required_slots: [mood, city]
responses:
  utter_greet: [{text: Hi}]
  utter_goodbye: [{text: Bye}]
`,
    'data/nlu.yml': `version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - see you, Rome
- intent: goodbye
  examples: |
    - Rome! See you
    - bye
- regex: slow
  examples: |
    - (a+)+$
`,
    'data/stories.yml': `version: "3.1"
stories:
- story: one way
  steps:
  - intent: greet
  - action: utter_greet
  - intent: greet
  - action: utter_goodbye
- story: another way
  steps:
  - intent: greet
  - action: utter_greet
  - intent: greet
  - action: utter_greet
- story: nowhere
  steps:
  - intent: greet
  - action: utter_greet
  - checkpoint: lost
`,
  })
  const { status, stdout } = await quickBot(['data', 'validate', '--json'], { folder })
  t.is(status, 0)
  const { problems } = JSON.parse(stdout) as {
    problems: { code: string; message: string; position?: { file: string; line: number } }[]
  }
  const found = problems.map(
    ({ code, position }) => `${code} ${position?.file ?? ''}:${position?.line ?? ''}`,
  )
  for (const expected of [
    'story.conflict data/stories.yml:8',
    'form.cannot-end domain.yml:6',
    'slot.never-set domain.yml:7',
    'form.no-question domain.yml:10',
    'nlu.near-duplicate data/nlu.yml:9',
    'nlu.regex-slow data/nlu.yml:13',
  ])
    t.true(found.includes(expected), `${expected} is not among ${found.join(', ')}`)
  t.true(found.some(each => each.includes('checkpoint')))
  t.is((await quickBot(['data', 'validate', '--fail-on-warnings'], { folder })).status, 1)
  const rules = await tinyBot(t, {
    'data/stories.yml':
      'version: "3.1"\nstories:\n- story: rude\n  steps:\n  - intent: goodbye\n  - action: utter_greet\n',
  })
  const clash = await quickBot(['data', 'validate'], { folder: rules })
  t.is(clash.status, 1)
  t.regex(clash.stderr, /data\/stories\.yml:6:5 error: .* contradicts the rule 'say goodbye'/)
})

test('data go from YAML to Markdown and JSON and back without a loss', async t => {
  const folder = await tinyBot(t)
  const read = async (path: string) => (await readDataFiles({ root: folder, data: [path] })).nlu
  const bare = (nlu: Awaited<ReturnType<typeof read>>) => ({
    examples: nlu.examples.map(({ text, intent, entities }) => ({ text, intent, entities })),
    lookups: nlu.lookups.map(({ name, elements }) => ({ name, elements })),
  })
  const before = bare(await read('data/nlu.yml'))
  for (const format of ['md', 'json', 'yaml']) {
    const out = `converted/nlu.${format === 'yaml' ? 'yml' : format}`
    const source =
      format === 'md' ? 'data/nlu.yml' : format === 'json' ? 'converted/nlu.md' : 'converted/nlu.json'
    const { status, stderr } = await quickBot(
      ['data', 'convert', 'nlu', '-f', format, '--data', source, '--out', out],
      { folder },
    )
    t.is(status, 0, stderr)
    t.deepEqual(bare(await read(out)), before, format)
  }
})

test('a split has every intent in both parts, the same with the same seed', async t => {
  const folder = await tinyBot(t)
  const split = (out: string) =>
    quickBot(['data', 'split', 'nlu', '--training-fraction', '0.7', '--random-seed', '7', '--out', out], {
      folder,
    })
  t.is((await split('a')).status, 0)
  t.is((await split('b')).status, 0)
  t.is(
    await readFile(join(folder, 'a/test_data.yml'), 'utf8'),
    await readFile(join(folder, 'b/test_data.yml'), 'utf8'),
  )
  for (const part of ['training_data.yml', 'test_data.yml']) {
    const { nlu } = await readDataFiles({ root: folder, data: [join('a', part)] })
    t.deepEqual(new Set(nlu.examples.map(({ intent }) => intent)), new Set(['greet', 'goodbye']))
  }
  t.is((await quickBot(['data', 'split', 'stories'], { folder })).status, 0)
  t.deepEqual((await readdir(join(folder, 'train_test_split'))).toSorted(), [
    'test_stories.yml',
    'train_stories.yml',
  ])
})
