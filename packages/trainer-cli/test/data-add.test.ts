// bot data add: new examples into the files of a project.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { readDataFiles } from '@tabula/model'
import { quickBot, tinyBot } from './bot.ts'

const NLU = `version: "3.1"   # of our shop
nlu:
# greetings
- intent: greet   # the first
  examples: |
    - hello there
    - good morning

# partings
- intent: goodbye
  examples:
  - text: |
      bye for now
    metadata:
      mood: good
  - text: farewell
# the end
`

const MORE = `## intent:travel
- take me to [Rome](city)

## lookup:city
- Rome
<!-- and so on -->
`

const PATCH = `version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - ahoy
- intent: goodbye
  examples: |
    - good morning
    - off to [Rome](city)
- intent: travel
  examples: |
    - I go to [the big apple]{"entity": "city", "value": "New York"}
    - take me to Rome
- intent: thank
  examples: |
    - many thanks
- lookup: city
  examples: |
    - Rome
    - Oslo
`

test('each example stands behind those of its intent, what is there or contradicts is left out, and all else stays', async t => {
  const folder = await tinyBot(t, { 'data/nlu.yml': NLU, 'data/more.md': MORE, 'patch.yml': PATCH })
  const read = (file: string) => readFile(join(folder, file), 'utf8')
  const tried = await quickBot(['data', 'add', 'patch.yml', '--dry-run'], { folder })
  t.regex(tried.stdout, /5 would be added, 2 were there already, 2 refused\./)
  t.is(await read('data/nlu.yml'), NLU)
  const { status, stdout, stderr } = await quickBot(['data', 'add', 'patch.yml'], { folder })
  t.is(status, 1)
  t.snapshot(stdout)
  t.snapshot(stderr)
  t.snapshot(await read('data/nlu.yml'))
  t.snapshot(await read('data/more.md'))
  const again = await quickBot(['data', 'add', 'patch.yml', '--json'], { folder })
  t.like(JSON.parse(again.stdout), { added: [], written: [] })
})

test('for every set of examples: what was added is read again as it was, and the file begins as before', async t => {
  const word = fc.stringMatching(/^[a-zäß'"#:{}|&*!%@-]{1,8}$/)
  const text = fc.array(word, { minLength: 1, maxLength: 5 }).map(words => `x${words.join(' ')}`)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 5 }), async texts => {
      const folder = await tinyBot(t, {
        'data/nlu.yml': NLU,
        'patch.yml': `version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n${texts.map(each => `    - ${each}\n`).join('')}`,
      })
      const { status, stderr } = await quickBot(['data', 'add', 'patch.yml'], { folder })
      t.is(status, 0, stderr)
      const { nlu } = await readDataFiles({ root: folder, data: ['data'] })
      const patch = await readDataFiles({ root: folder, data: ['patch.yml'] })
      const known = nlu.examples.filter(each => each.intent === 'greet').map(each => each.text)
      t.deepEqual(
        known.slice(2),
        patch.nlu.examples.map(each => each.text),
      )
    }),
    { numRuns: 15 },
  )
})

test('files with Windows line ends, lists in brackets and nothing below a key are added to in their own way', async t => {
  const { insertEntries } = await import('@tabula/model')
  const add = (text: string, key = 'intents') =>
    insertEntries(text, 'domain.yml', { key, kind: 'list' }, [['new']])
  t.is(await add('intents:\r\n- a\r\n\r\nslots: {}\r\n'), 'intents:\r\n- a\r\n- new\r\n\r\nslots: {}\r\n')
  t.is(await add('intents: [a, b] # two\n'), 'intents: [new, a, b] # two\n')
  t.is(await add('intents: []\n'), 'intents: [new]\n')
  t.is(await add('intents:\nslots: {}\n'), 'intents:\n- new\nslots: {}\n')
  t.is(await add('slots: {}'), 'slots: {}\n\nintents:\n- new\n')
  t.is(await add(''), 'version: "3.1"\n\nintents:\n- new\n')
  t.is(
    await add('intents:\n  # first\n  - a\n    \n  # last\n'),
    'intents:\n  # first\n  - a\n    \n  # last\n  - new\n',
  )
  await t.throwsAsync(add('intents: a\n'), { code: 'file.shape' })
  await t.throwsAsync(add('intents: [a\n'), { code: 'project.invalid' })
})
