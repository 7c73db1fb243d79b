import { PassThrough } from 'node:stream'
import test from 'ava'
import type { TrainingProgress } from '@tabula/model'
import { createTrainingProgress } from './training-progress.ts'

test('what is trained at the same time is told in order: understanding first', t => {
  const stderr = new PassThrough({ encoding: 'utf8' })
  const progress = createTrainingProgress({
    ...{ environment: {}, folder: '.', stdin: new PassThrough(), stdout: new PassThrough() },
    ...{ stderr, isTerminal: false },
  })
  const take = (part: TrainingProgress['part'], index: number, fraction: number): void => {
    progress.take({ part, name: `${part}${index}`, index, count: 2, fraction, isReused: false })
  }
  take('nlu', 0, 0)
  take('core', 0, 0)
  take('core', 0, 1)
  take('nlu', 0, 1)
  take('nlu', 1, 0)
  take('core', 1, 0.5)
  take('nlu', 1, 1)
  take('core', 1, 1)
  progress.done()
  const told = String(stderr.read())
    .split('\n')
    .map(line => /✓ (.*?\d\/\d)/.exec(line)?.[1])
    .filter(line => line !== undefined)
  t.deepEqual(told, ['understanding 1/2', 'understanding 2/2', 'dialogue 1/2', 'dialogue 2/2'])
})
