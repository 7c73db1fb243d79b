import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Tracker } from '@tabula/dialogue'
import { CodedError, type LoggedEvent, type Problem, ProjectError } from '@tabula/protocol'
import { readTinyBot, TINY_BOT, tinyBot, writeFiles } from '../../test/project-folder.ts'
import { isStale, latestModel, loadModel, readProject, trainModel, type TrainingProgress } from '../index.ts'

const ALL = [
  'WhitespaceTokenizer',
  'KeywordIntentClassifier',
  'EntitySynonymMapper',
  'MemoizationPolicy',
  'RulePolicy',
]

const SAID_BYE: readonly LoggedEvent[] = [
  {
    event: 'action',
    name: 'action_listen',
    timestamp: 1,
    policy: null,
    confidence: null,
    action_text: null,
    hide_rule_turn: false,
  },
  {
    event: 'user',
    text: 'bye',
    parse_data: { intent: { name: 'goodbye', confidence: 1 }, entities: [], text: 'bye' },
    input_channel: null,
    message_id: null,
    timestamp: 2,
  },
]

/** Everything below the folder but the project's own files. */
async function leftovers(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && !entry.name.endsWith('.yml'))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => !file.includes('.tabula'))
}

/** Trains twice with a change between, and gives what the second training reused. */
async function reusedAfter(
  t: ExecutionContext,
  changes: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const root = await tinyBot(t)
  await trainModel(await readProject({ root }))
  await writeFiles(root, changes)
  const { reused } = await trainModel(await readProject({ root }))
  return reused
}

function edited(file: keyof typeof TINY_BOT, from: string, to: string): Record<string, string> {
  return { [file]: (TINY_BOT[file] ?? '').replace(from, to) }
}

test('a trained bot understands and answers after it is loaded from its file', async t => {
  const project = await readTinyBot(t)
  const trained = await trainModel(project)
  const model = await loadModel(trained.file)
  const parsed = await model.pipeline?.parse('hello there')
  t.is(parsed?.intent.name, 'greet')
  const tracker = Tracker.fromEvents('someone', model.domain, SAID_BYE)
  t.is(model.ensemble?.predict(tracker).actionName, 'utter_goodbye')
  t.is(model.metadata.model_id, trained.modelId)
  t.is(model.metadata.assistant_id, 'tiny')
  t.is(model.metadata.training_type, 'both')
})

test('the file has a name by time and words, or the one asked for, in the folder asked for', async t => {
  const project = await readTinyBot(t)
  const named = await trainModel(project)
  t.regex(named.file, /models[\\/]\d{8}-\d{6}-[a-z]+-[a-z]+\.tar\.gz$/)
  const fixed = await trainModel(project, { out: 'elsewhere', fixedModelName: 'mine' })
  t.is(fixed.file, join(project.root, 'elsewhere', 'mine.tar.gz'))
})

test('the same project and seed give the same model id, cached or trained anew; another content gives another', async t => {
  const first = await readTinyBot(t)
  const second = await readTinyBot(t)
  const { modelId } = await trainModel(first)
  t.is((await trainModel(first)).modelId, modelId)
  t.is((await trainModel(second)).modelId, modelId)
  t.is((await trainModel(second, { force: true })).modelId, modelId)
  const other = await readTinyBot(t, edited('domain.yml', 'Hello!', 'Hi!'))
  t.not((await trainModel(other)).modelId, modelId)
})

test('what has not changed is not trained again, and a new file is written all the same', async t => {
  const project = await readTinyBot(t)
  const first = await trainModel(project, { fixedModelName: 'one' })
  t.deepEqual(first.reused, [])
  t.false(first.isUnchanged)
  const seen: TrainingProgress[] = []
  const second = await trainModel(project, {
    fixedModelName: 'two',
    onProgress: progress => seen.push(progress),
  })
  t.deepEqual(second.reused, ALL)
  t.true(second.isUnchanged)
  t.true(seen.every(({ isReused }) => isReused))
  t.deepEqual((await readdir(join(project.root, 'models'))).toSorted(), ['one.tar.gz', 'two.tar.gz'])
  t.deepEqual((await trainModel(project, { force: true })).reused, [])
})

test('another wording of a response trains nothing again', async t => {
  t.deepEqual(await reusedAfter(t, edited('domain.yml', 'Hello!', 'Good day!')), ALL)
})

test('a new example trains understanding alone', async t => {
  t.deepEqual(await reusedAfter(t, edited('data/nlu.yml', '- hello', '- hello\n      - hey')), ALL.slice(3))
})

test('a new story trains dialogue alone', async t => {
  const story =
    '\n  - story: twice\n    steps:\n      - intent: greet\n      - action: utter_greet\n      - intent: greet\n      - action: utter_goodbye\n'
  t.deepEqual(await reusedAfter(t, { 'data/more.yml': `version: "3.1"\nstories:${story}` }), ALL.slice(0, 3))
})

test('an option of a component trains it and those behind it', async t => {
  const change = edited(
    'config.yml',
    '- name: KeywordIntentClassifier',
    '- name: KeywordIntentClassifier\n    case_sensitive: false',
  )
  t.deepEqual(await reusedAfter(t, change), ['WhitespaceTokenizer', ...ALL.slice(3)])
})

test('an option of a policy trains that policy alone', async t => {
  t.deepEqual(
    await reusedAfter(t, edited('config.yml', 'max_history: 3', 'max_history: 4')),
    ALL.filter(name => name !== 'MemoizationPolicy'),
  )
})

test('a slot that is new or stands elsewhere in the domain trains the policies', async t => {
  const slots = '  mood:\n    type: text\n    mappings: []\n'
  t.deepEqual(await reusedAfter(t, edited('domain.yml', 'responses:', `${slots}responses:`)), ALL.slice(0, 3))
})

test('of every part that is trained again it is told why', async t => {
  const root = await tinyBot(t)
  const why = async (force = false): Promise<Record<string, string>> => {
    const reasons: Record<string, string> = {}
    await trainModel(await readProject({ root }), {
      force,
      onProgress: ({ name, reason }) => {
        if (reason !== undefined) reasons[name] = reason
      },
    })
    return reasons
  }
  const all = (reason: string): Record<string, string> => Object.fromEntries(ALL.map(name => [name, reason]))
  t.deepEqual(await why(), all('new'))
  t.deepEqual(await why(), {})
  t.deepEqual(await why(true), all('forced'))
  const config = await readFile(join(root, 'config.yml'), 'utf8')
  await writeFile(
    join(root, 'config.yml'),
    config.replace(
      '- name: KeywordIntentClassifier',
      '- name: KeywordIntentClassifier\n    case_sensitive: false',
    ),
  )
  t.deepEqual(await why(), { KeywordIntentClassifier: 'options', [ALL[2] ?? '']: 'before' })
  await rm(join(root, 'data/stories.yml'))
  t.deepEqual(await why(), Object.fromEntries(ALL.slice(3).map(name => [name, 'data'])))
  for (const name of await readdir(join(root, '.tabula/cache')))
    if (name.endsWith('.part')) await rm(join(root, '.tabula/cache', name))
  t.deepEqual(await why(), all('not-kept'))
})

test('a comment in the data trains nothing again and leaves the model as it is', async t => {
  const root = await tinyBot(t)
  const { file } = await trainModel(await readProject({ root }))
  await writeFiles(root, edited('data/nlu.yml', 'nlu:', '# a comment\nnlu:'))
  const project = await readProject({ root })
  t.false(await isStale(project, file))
  t.deepEqual((await trainModel(project)).reused, ALL)
})

test('a model is stale once its project says something else, whatever the times of the files', async t => {
  const root = await tinyBot(t)
  t.true(await isStale(await readProject({ root }), await latestModel(join(root, 'models'))))
  const { file } = await trainModel(await readProject({ root }))
  t.false(await isStale(await readProject({ root }), await latestModel(join(root, 'models'))))
  await writeFiles(root, edited('domain.yml', 'Hello!', 'Hi!'))
  t.true(await isStale(await readProject({ root }), file))
  await writeFile(file, 'no archive')
  t.true(await isStale(await readProject({ root }), file))
})

test('without NLU data a model for dialogue is trained, and said so', async t => {
  const project = await readTinyBot(t, { 'data/nlu.yml': null })
  const { file, problems } = await trainModel(project)
  t.regex(file, /core-\d{8}/)
  t.deepEqual(
    problems.map(({ code }) => code),
    ['train.no-nlu'],
  )
  const model = await loadModel(file)
  t.is(model.pipeline, null)
  t.truthy(model.ensemble)
})

test('without stories and rules, and without a domain, a model for understanding is trained, and said so', async t => {
  const heard: Problem[] = []
  const project = await readTinyBot(t, { 'data/stories.yml': null, 'data/rules.yml': null })
  const { file } = await trainModel(project, { warn: problem => heard.push(problem) })
  t.regex(file, /nlu-\d{8}/)
  t.deepEqual(
    heard.map(({ code }) => code),
    ['train.no-stories'],
  )
  const model = await loadModel(file)
  t.is(model.ensemble, null)
  t.is((await model.pipeline?.parse('bye'))?.intent.name, 'goodbye')
  const bare = await trainModel(await readTinyBot(t, { 'domain.yml': null }))
  t.deepEqual(
    bare.problems.map(({ code }) => code),
    ['train.no-domain'],
  )
  t.is((await loadModel(bare.file)).metadata.training_type, 'nlu')
})

test('a scope trains its part alone', async t => {
  const project = await readTinyBot(t)
  const nlu = await trainModel(project, { scope: 'nlu' })
  const core = await trainModel(project, { scope: 'core' })
  t.regex(nlu.file, /nlu-\d{8}/)
  t.regex(core.file, /core-\d{8}/)
  t.is((await loadModel(nlu.file)).ensemble, null)
  t.is((await loadModel(core.file)).pipeline, null)
})

test('where there is nothing to train from, no model is written', async t => {
  const project = await readTinyBot(t, {
    'data/nlu.yml': null,
    'data/stories.yml': null,
    'data/rules.yml': null,
  })
  for (const scope of ['both', 'nlu', 'core'] as const) {
    const error = await t.throwsAsync(trainModel(project, { scope }), { instanceOf: CodedError })
    t.is(error.code, 'train.nothing')
    t.is(error.status, 400)
  }
  t.deepEqual(await leftovers(project.root), [])
})

test('rules that contradict each other end the training without a model', async t => {
  const rule = '  - rule: otherwise\n    steps:\n      - intent: goodbye\n      - action: utter_greet\n'
  const project = await readTinyBot(t, { 'data/rules.yml': `${TINY_BOT['data/rules.yml'] ?? ''}${rule}` })
  const error = await t.throwsAsync(trainModel(project), { instanceOf: ProjectError })
  t.regex(error.message, /data[\\/]rules\.yml:\d+/)
  t.deepEqual(await leftovers(project.root), [])
})

for (const at of [0, 3, 4])
  test(`a training that is interrupted at part ${at} leaves no model and no draft`, async t => {
    const project = await readTinyBot(t)
    const controller = new AbortController()
    let count = 0
    const training = trainModel(project, {
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        if (fraction === 1 && count++ === at) controller.abort(new Error('enough'))
      },
    })
    await t.throwsAsync(training, { message: 'enough' })
    t.deepEqual(await leftovers(project.root), [])
  })

test('an interrupted writing keeps the model of before', async t => {
  const project = await readTinyBot(t)
  const { file } = await trainModel(project, { fixedModelName: 'mine' })
  const before = await readFile(file)
  const controller = new AbortController()
  const training = trainModel(project, {
    fixedModelName: 'mine',
    signal: controller.signal,
    onProgress: ({ name }) => {
      if (name === 'RulePolicy') controller.abort(new Error('enough'))
    },
  })
  await t.throwsAsync(training, { message: 'enough' })
  t.deepEqual(await leftovers(project.root), [file])
  t.deepEqual(await readFile(file), before)
})

test('progress names every part and ends at 1', async t => {
  const done: string[] = []
  await trainModel(await readTinyBot(t), {
    onProgress: ({ part, name, index, count, fraction }) => {
      if (fraction === 1) done.push(`${part} ${name} ${index + 1}/${count}`)
    },
  })
  t.deepEqual(done, [
    'nlu WhitespaceTokenizer 1/3',
    'nlu KeywordIntentClassifier 2/3',
    'nlu EntitySynonymMapper 3/3',
    'core MemoizationPolicy 1/2',
    'core RulePolicy 2/2',
  ])
})
