import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'

const DATA = readExamples(`
- intent: order
  examples: |
    - my code is [ab12](code) with [ham](topping)
- regex: code
  examples: |
    - [a-z]{2}[0-9]{2}
- regex: unused
  examples: |
    - .*
- lookup: topping
  examples: |
    - ham
    - c++ sauce
    - Käse
`)

test('codes and listed words are found in any case, with offsets that count code points', async t => {
  const { pipeline } = await trainAndLoad(toConfigs('WhitespaceTokenizer', 'RegexEntityExtractor'), DATA)
  const { entities } = await pipeline.parse('😀 ZZ99, HAM and käse')
  t.deepEqual(entities, [
    { entity: 'code', start: 2, end: 6, value: 'ZZ99', extractor: 'RegexEntityExtractor' },
    { entity: 'topping', start: 8, end: 11, value: 'HAM', extractor: 'RegexEntityExtractor' },
    { entity: 'topping', start: 16, end: 20, value: 'käse', extractor: 'RegexEntityExtractor' },
  ])
  t.deepEqual(Object.keys(entities[0] ?? {}), ['entity', 'start', 'end', 'value', 'extractor'])
})

test('a listed word is not found inside of a longer one, unless that is asked for', async t => {
  const { pipeline } = await trainAndLoad(toConfigs('RegexEntityExtractor'), DATA)
  t.deepEqual((await pipeline.parse('hamster')).entities, [])
  const loose = toConfigs(['RegexEntityExtractor', { use_word_boundaries: false, use_regexes: false }])
  const { entities } = await (await trainAndLoad(loose, DATA)).pipeline.parse('hamster ab12')
  t.deepEqual(
    entities.map(({ value }) => value),
    ['ham'],
  )
})

test('case counts where the config says so', async t => {
  const { pipeline } = await trainAndLoad(toConfigs(['RegexEntityExtractor', { case_sensitive: true }]), DATA)
  t.deepEqual(
    (await pipeline.parse('HAM ham')).entities.map(({ start }) => start),
    [4],
  )
})

test('data without any fitting pattern is said to the author', async t => {
  const { warnings } = await trainAndLoad(
    toConfigs('RegexEntityExtractor'),
    readExamples('- intent: a\n  examples: |\n    - b'),
  )
  t.deepEqual(
    warnings.map(({ code }) => code),
    ['nlu.no-patterns'],
  )
})
