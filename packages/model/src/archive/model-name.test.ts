import test from 'ava'
import * as fc from 'fast-check'
import { modelName } from './model-name.ts'

test('a model is named as Rasa names its own: kind, time of training on this machine, two words', t => {
  const time = new Date(2026, 0, 2, 3, 4, 5)
  t.regex(
    modelName('', time, () => 0),
    /^20260102-030405-amber-anchor\.tar\.gz$/,
  )
  t.regex(
    modelName('nlu-', time, () => 0.5),
    /^nlu-20260102-030405-[a-z]+-[a-z]+\.tar\.gz$/,
  )
})

test('for every draw there are two words', t => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), draw => {
      t.regex(
        modelName('core-', new Date(0), () => draw),
        /^core-\d{8}-\d{6}-[a-z]+-[a-z]+\.tar\.gz$/,
      )
    }),
  )
})
