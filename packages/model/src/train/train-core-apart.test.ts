import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { type Problem, ProjectError } from '@tabula/protocol'
import { readTinyBot, TINY_BOT } from '../../test/project-folder.ts'
import { trainModel, type TrainingProgress } from '../index.ts'

const EXAMPLES = Array.from({ length: 200 }, (_, index) => `      - hello number ${index}\n`).join('')

/** The tiny bot with policies and so many examples that a thread of their own is worth it. */
const LEARNING = {
  'data/greetings.yml': `version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n${EXAMPLES}`,
  'config.yml': `${TINY_BOT['config.yml']}  - name: TEDPolicy\n    epochs: 3\n  - name: UnexpecTEDIntentPolicy\n    epochs: 3\n`,
}

test('a model that several threads trained is the one that a single thread trains, byte for byte', async t => {
  const seen: TrainingProgress[] = []
  const apart = await trainModel(await readTinyBot(t, LEARNING), {
    threads: 2,
    onProgress: progress => seen.push(progress),
  })
  const { modelId } = await trainModel(await readTinyBot(t, LEARNING), { threads: 1 })
  t.is(apart.modelId, modelId)
  const ends = seen.filter(({ part, fraction }) => part === 'core' && fraction === 1)
  t.deepEqual(
    // Two that learn do so side by side.
    ends.map(({ name, index, count }) => `${name} ${index} ${count}`).toSorted(),
    ['MemoizationPolicy 0 4', 'RulePolicy 1 4', 'TEDPolicy 2 4', 'UnexpecTEDIntentPolicy 3 4'],
  )
})

test('what a thread finds wrong in rules is told as ever', async t => {
  const clash = {
    ...LEARNING,
    'data/more.yml': `version: "3.1"\nstories:\n  - story: other\n    steps:\n      - intent: goodbye\n      - action: utter_greet\n`,
  }
  const complaints = async (threads: number): Promise<readonly Problem[]> => {
    const error = await t.throwsAsync(trainModel(await readTinyBot(t, clash), { threads }), {
      instanceOf: ProjectError,
    })
    return error.problems
  }
  const apart = await complaints(2)
  t.true(apart.length > 0)
  t.deepEqual(apart, await complaints(1))
})

test('an option that a thread warns of is warned of', async t => {
  const config = `${TINY_BOT['config.yml']}  - name: TEDPolicy\n    epochs: 1\n    max_history: 1\n`
  const warned = async (threads: number): Promise<readonly Problem[]> => {
    const project = await readTinyBot(t, {
      ...LEARNING,
      'config.yml': config,
      'data/more.yml': `version: "3.1"\nstories:\n  - story: lost\n    steps:\n      - checkpoint: nowhere\n      - intent: greet\n      - action: utter_greet\n`,
    })
    return (await trainModel(project, { threads })).problems
  }
  const apart = await warned(2)
  t.true(apart.length > 0)
  t.deepEqual(apart, await warned(1))
})

test('a training that is stopped while a thread learns leaves nothing behind', async t => {
  const project = await readTinyBot(t, {
    ...LEARNING,
    'config.yml': LEARNING['config.yml'].replaceAll('epochs: 3', 'epochs: 100000'),
  })
  const stop = new AbortController()
  const training = trainModel(project, {
    threads: 2,
    signal: stop.signal,
    onProgress: ({ name, fraction }) => {
      if (name === 'TEDPolicy' && fraction > 0) stop.abort(new Error('enough'))
    },
  })
  await t.throwsAsync(training, { message: 'enough' })
  const left = await readdir(join(project.root), { recursive: true })
  t.deepEqual(
    left.filter(file => file.includes('models')),
    [],
  )
})
