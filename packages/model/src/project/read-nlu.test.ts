import test from 'ava'
import { distinctExamples, type NluParts, readNlu } from './read-nlu.ts'
import { readYaml } from './read-yaml.ts'
import { Problems } from './yaml-node.ts'

interface Read extends NluParts {
  readonly told: readonly string[]
}

async function read(text: string, files: Readonly<Record<string, string>> = {}): Promise<Read> {
  const problems = new Problems()
  const parts: NluParts = { examples: [], synonyms: new Map(), regexes: [], lookups: [] }
  const tree = readYaml(text, 'nlu.yml', problems, {})
  if (tree !== null) await readNlu(tree, parts, problems, name => Promise.resolve(files[name] ?? null))
  const told = problems.all.map(
    ({ code, position }) => `${code} ${position?.line ?? 0}:${position?.column ?? 0}`,
  )
  return { ...parts, told }
}

test('each line with a dash is an example, with its place; others are left out and told', async t => {
  const { examples, told } = await read(`nlu:
- intent: greet
  examples: |
    - hello
    -hi
    no dash
    -
`)
  t.deepEqual(
    examples.map(({ text, position }) => `${position?.line ?? 0} ${text}`),
    ['4 hello', '5 hi', '7 '],
  )
  t.deepEqual(told, ['nlu.no-dash 6:5'])
})

test('annotations become entities, and values that differ from the words become synonyms', async t => {
  const { examples, synonyms } = await read(`nlu:
- intent: book
  examples: |
    - from [Rome](city) to [NYC]{"entity": "city", "role": "to", "value": "New York", "group": "1"}
    - [big apple](city:New York) 😀 [x](y)
`)
  t.is(examples[0]?.text, 'from Rome to NYC')
  t.deepEqual(examples[0]?.entities, [
    { start: 5, end: 9, entity: 'city', value: 'Rome' },
    { start: 13, end: 16, entity: 'city', value: 'New York', role: 'to', group: '1' },
  ])
  t.deepEqual(
    [...synonyms],
    [
      ['NYC', 'New York'],
      ['big apple', 'New York'],
    ],
  )
  t.deepEqual(examples[1]?.entities[1], { start: 13, end: 14, entity: 'y', value: 'x' })
})

test('a broken annotation is an error at its place', async t => {
  const { told } = await read('nlu:\n- intent: a\n  examples: |\n    - to [Rome]{"entity": city}\n')
  t.deepEqual(told, ['nlu.annotation 4:8'])
})

test('an annotation that does not end, or stands in another one, is text, and is pointed out', async t => {
  const { examples, told } = await read(`nlu:
- intent: a
  examples: |
    - to [Rome](
    - to [Rome](city
    - to [Rome]{"entity": "city"
    - to [new [york](city)](place)
    - to [Rome](city) (or so) [sic]
`)
  t.deepEqual(
    examples.map(({ text }) => text),
    [
      'to [Rome](',
      'to [Rome](city',
      'to [Rome]{"entity": "city"',
      'to new [york](place)',
      'to Rome (or so) [sic]',
    ],
  )
  t.deepEqual(told, [4, 5, 6].map(line => `nlu.annotation-cut ${line}:13`).concat('nlu.annotation-cut 7:25'))
})

test('an intent may list its examples with metadata, and have metadata itself', async t => {
  const { examples } = await read(`nlu:
- intent: greet
  metadata:
    owner: ann
  examples:
    - text: hello
      metadata:
        tone: warm
    - text: "hey "
`)
  t.deepEqual(
    examples.map(({ text, metadata }) => ({ text, metadata })),
    [
      { text: 'hello', metadata: { intent: { owner: 'ann' }, example: { tone: 'warm' } } },
      { text: 'hey', metadata: { intent: { owner: 'ann' } } },
    ],
  )
})

test('a retrieval intent is one with a slash; two slashes are an error', async t => {
  const { examples, told } = await read(
    'nlu:\n- intent: faq/open\n  examples: |\n    - open?\n- intent: a/b/c\n  examples: |\n    - x\n',
  )
  t.like(examples[0], { intent: 'faq', intentResponseKey: 'faq/open' })
  t.deepEqual(told, ['nlu.two-slashes 5:3'])
})

test('synonyms, regexes and lookup tables are read, tables also from a text file', async t => {
  const { synonyms, regexes, lookups, told } = await read(
    `nlu:
- synonym: New York
  examples: |
    - NYC
    - big apple
- regex: zip
  examples: |
    - \\d{5}
- lookup: city
  examples: |
    - Rome
- lookup: city
  examples: |
    - Paris
- lookup: plate
  examples: |
    - plates.txt
- lookup: gone
  examples: |
    - gone.txt
`,
    { 'plates.txt': 'tacos\r\n\r\nbeef \n' },
  )
  t.deepEqual(
    [...synonyms],
    [
      ['NYC', 'New York'],
      ['big apple', 'New York'],
    ],
  )
  t.like(regexes[0], { name: 'zip', pattern: '\\d{5}' })
  t.deepEqual(
    lookups.map(({ name, elements }) => `${name}: ${elements.join()}`),
    ['city: Rome,Paris', 'plate: tacos,beef'],
  )
  t.deepEqual(told, ['nlu.lookup-file 20:5'])
})

test('what is not as it must be is told with its place and does not hide the rest', async t => {
  const { examples, told } = await read(`nlu:
- intnt: greet
- intent:
- intent: empty
  examples: ""
- intent: number
  examples: 3
- intent: listed
  examples:
    - hello
- intent: fine
  examples: |
    - yes
`)
  t.deepEqual(
    examples.map(({ text }) => text),
    ['yes'],
  )
  t.deepEqual(told, [
    'nlu.unknown-item 2:3',
    'nlu.nameless 3:3',
    'nlu.no-examples 4:3',
    'nlu.no-examples 7:13',
    'nlu.example-shape 10:7',
  ])
  t.deepEqual((await read('nlu: 3\n')).told, ['nlu.not-a-list 1:6'])
})

test('an example that is the same throughout counts once', t => {
  const example = { text: 'hi', intent: 'greet', entities: [] }
  t.is(distinctExamples([example, { ...example, intent: 'bye' }, { ...example }]).length, 2)
})
