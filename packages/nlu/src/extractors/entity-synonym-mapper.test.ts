import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'

const CONFIG = toConfigs('RegexEntityExtractor', 'EntitySynonymMapper')
const DATA = readExamples(`
- intent: go
  examples: |
    - to [Berlin](city) or [NYC]{"entity": "city", "value": "New York City"}
- synonym: New York City
  examples: |
    - big apple
- lookup: city
  examples: |
    - berlin
    - nyc
    - big apple
    - oslo
`)

test('a value becomes its canonical one in any case, also where it is an annotated value itself', async t => {
  const { pipeline } = await trainAndLoad(CONFIG, DATA)
  const { entities } = await pipeline.parse('BERLIN Nyc Big Apple oslo')
  t.deepEqual(
    entities.map(({ value, processors }) => [value, processors]),
    [
      ['Berlin', ['EntitySynonymMapper']],
      ['New York City', ['EntitySynonymMapper']],
      ['New York City', ['EntitySynonymMapper']],
      ['oslo', undefined],
    ],
  )
})

test('the author is told of a synonym with two meanings; the later one counts', async t => {
  const conflicting = {
    ...DATA,
    synonyms: new Map([
      ['apple', 'fruit'],
      ['APPLE', 'company'],
    ]),
  }
  const { warnings } = await trainAndLoad(CONFIG, conflicting)
  t.true(
    warnings.some(({ code, message }) => code === 'nlu.synonym-conflict' && message.includes("'company'")),
  )
})
