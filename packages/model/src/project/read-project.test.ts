import { join } from 'node:path'
import test from 'ava'
import { ProjectError } from '@tabula/protocol'
import { complaints, projectFolder, readTinyBot, TINY_BOT, tinyBot } from '../../test/project-folder.ts'
import { readProject, trainModel } from '../index.ts'

function edited(file: string, from: string, to: string): Record<string, string> {
  return { [file]: (TINY_BOT[file] ?? '').replace(from, to) }
}

test('a project is read with all that its files say', async t => {
  const { config, domain, nlu, stories, problems, files } = await readTinyBot(t)
  t.deepEqual(problems, [])
  t.is(config.assistantId, 'tiny')
  t.deepEqual(
    config.pipeline.map(({ name }) => name),
    ['WhitespaceTokenizer', 'KeywordIntentClassifier', 'EntitySynonymMapper'],
  )
  t.deepEqual(domain.intents, ['greet', 'goodbye'])
  t.deepEqual(
    nlu.examples.map(({ text, intent }) => `${intent ?? ''}: ${text}`),
    ['greet: hello', 'greet: good morning', 'goodbye: bye', 'goodbye: see you in Rome'],
  )
  t.deepEqual(
    stories.map(({ kind, name }) => `${kind} ${name}`),
    ['rule say goodbye', 'story greet'],
  )
  t.is(files.length, 5)
})

test('a tab in the domain is told with its line, and what to do', async t => {
  const root = await tinyBot(t, edited('domain.yml', '  - greet', '\t- greet'))
  const [first] = await complaints({ root })
  t.regex(first ?? '', /^error domain\.yml:3:1 .*[Tt]ab.* Indent with spaces/)
})

test('a component that does not exist is told with its line and the nearest name', async t => {
  const root = await tinyBot(t, edited('config.yml', 'KeywordIntentClassifier', 'KeywordIntentClasifier'))
  t.deepEqual(await complaints({ root }), [
    "error config.yml:6:11 There is no pipeline component 'KeywordIntentClasifier'. Did you mean 'KeywordIntentClassifier'? [config.unknown-component]",
  ])
  const foo = await tinyBot(t, edited('config.yml', 'KeywordIntentClassifier', 'FooFeaturizer'))
  t.regex(
    (await complaints({ root: foo }))[0] ?? '',
    /^error config\.yml:6:11 There is no pipeline component 'FooFeaturizer'/,
  )
})

test('an empty NLU file is a warning, and dialogue is trained all the same', async t => {
  const root = await tinyBot(t, { 'data/nlu.yml': 'version: "3.1"\nnlu:\n' })
  const project = await readProject({ root })
  t.deepEqual(
    project.problems.map(({ severity, code, position }) => `${severity} ${code} ${position?.line ?? ''}`),
    ['warning nlu.empty 2'],
  )
  t.is((await trainModel(project)).problems[0]?.code, 'train.no-nlu')
  const empty = await readProject({ root: await tinyBot(t, { 'data/nlu.yml': '' }) })
  t.deepEqual(empty.nlu.examples, [])
})

test('all errors of all files come in one go', async t => {
  const root = await tinyBot(t, {
    'config.yml': 'pipeline:\n  - name: FooFeaturizer\npolicies:\n  - name: FooPolicy\n',
    ...edited('domain.yml', 'type: text', 'type: txt'),
    'data/nlu.yml': 'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - [Rome]{"city": 1}\n',
    'data/broken.yml': 'stories: [\n',
    'data/rules.yml': 'version: 3.1\nrules: []\n',
  })
  const found = await complaints({ root })
  const expected = [
    'config.unknown-component',
    'config.unknown-policy',
    'domain.',
    'nlu.annotation',
    'yaml.',
    'version.not-text',
  ]
  for (const code of expected)
    t.true(
      found.some(line => line.startsWith('error') && line.includes(`[${code}`)),
      `${code} in\n${found.join('\n')}`,
    )
  const error = await t.throwsAsync(readProject({ root }), { instanceOf: ProjectError })
  t.true(
    error.problems.every(({ position }) => position !== undefined),
    'each has its place',
  )
})

test('a domain may lie in a folder of files; of what stands twice the first file wins, with a warning', async t => {
  const root = await tinyBot(t, {
    'domain.yml': null,
    'domain/a.yml': 'intents: [greet, goodbye]\nresponses:\n  utter_greet:\n    - text: one\n',
    'domain/b/c.yml':
      'intents: [greet, more]\nresponses:\n  utter_greet:\n    - text: two\n  utter_goodbye:\n    - text: bye\n',
  })
  const { domain, problems, placeInDomain } = await readProject({ root, domain: 'domain' })
  t.deepEqual(domain.intents, ['greet', 'goodbye', 'more'])
  t.deepEqual(domain.responses?.['utter_greet'], [{ text: 'one' }])
  t.deepEqual(
    problems.map(({ code, position }) => `${code} ${position?.file ?? ''}:${position?.line ?? ''}`),
    [`domain.twice ${join('domain', 'b', 'c.yml')}:1`, `domain.twice ${join('domain', 'b', 'c.yml')}:3`],
  )
  t.like(placeInDomain(['intents', 'more']), { file: join('domain', 'b', 'c.yml'), line: 1 })
  t.like(placeInDomain(['responses', 'utter_goodbye']), { file: join('domain', 'b', 'c.yml'), line: 5 })
})

test('retrieval intents bring their responses and their action with them', async t => {
  const root = await tinyBot(t, {
    'data/faq.yml': `version: "3.1"
nlu:
  - intent: faq/hours
    examples: |
      - when are you open
responses:
  utter_faq/hours:
    - text: From nine to five.
`,
  })
  const { domain, nlu } = await readProject({ root })
  t.true(domain.actions?.includes('utter_faq'))
  t.deepEqual(nlu.responses.get('utter_faq/hours'), [{ text: 'From nine to five.' }])
  t.like(
    nlu.examples.find(({ intent }) => intent === 'faq'),
    { intentResponseKey: 'faq/hours' },
  )
})

test('a response in a data file that is none is told with its line', async t => {
  const root = await tinyBot(t, { 'data/faq.yml': 'responses:\n  utter_faq/hours:\n    - image: a.png\n' })
  t.regex((await complaints({ root }))[0] ?? '', /^error data.faq\.yml:3:/)
})

test('a missing config is an error, a missing domain a warning, missing data neither', async t => {
  const root = await projectFolder(t, {})
  t.deepEqual(
    (await complaints({ root })).map(line => line.replace(/ .*\[/, ' [')),
    ['error [config.missing]', 'warning [domain.missing]'],
  )
})

test('a domain of a later format is left out with a warning, one without a version is read', async t => {
  const later = await readTinyBot(t, edited('domain.yml', '"3.1"', '"4.0"'))
  t.deepEqual(
    later.problems.map(({ code }) => code),
    ['version.too-new'],
  )
  const without = await readTinyBot(t, edited('domain.yml', 'version: "3.1"\n', ''))
  t.deepEqual(without.problems, [])
})

test('variables of the environment are filled in where values are not quoted', async t => {
  const root = await tinyBot(t, edited('domain.yml', '"Hello!"', 'Hello ${NAME}!'))
  const { domain } = await readProject({ root }, { NAME: 'Ann' })
  t.deepEqual(domain.responses?.['utter_greet'], [{ text: 'Hello Ann!' }])
})

test('a file named twice is read once, and hidden files are not read', async t => {
  const root = await tinyBot(t, { 'data/.hidden.yml': 'nlu: 3\n', 'data/notes.txt': 'nlu: 3\n' })
  const { nlu } = await readProject({ root, data: ['data', join('data', 'nlu.yml')] })
  t.is(nlu.examples.length, 4)
})
