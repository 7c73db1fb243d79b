import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { readYamlEvents } from './read-yaml-events.ts'
import { readYamlDocument } from './read-yaml.ts'
import { Problems, type YamlNode } from './yaml-node.ts'

const SHARED = join(import.meta.dirname, '../../../../../shared')

function fast(text: string): YamlNode | undefined {
  return readYamlEvents(text, 'x.yml', plain => plain)
}

function slow(text: string): { tree: YamlNode | null; faults: number } {
  const problems = new Problems()
  return { tree: readYamlDocument(text, 'x.yml', problems, {}), faults: problems.all.length }
}

/** The fast reader may pass a file on; where it reads one, every value and every place is the other reader's. */
function agrees(text: string): boolean {
  const tree = fast(text)
  return tree === undefined || JSON.stringify(tree) === JSON.stringify(slow(text).tree)
}

test('a large file is read as a small one is: same values, same places', t => {
  const text = `# A comment
a: 1
b:
- intent: x
  examples: |
    - one
    - [two](e)

- "quoted": 'text'
  folded: >-
    some
    text
c: {x: [1, 2.5, ~, yes, 0o7, 0x1F, 1e3, .inf], "y": true}
e:
f: - not a list
`.replace('f: - not a list\n', 'f: a #b\n')
  t.deepEqual(fast(text), slow(text).tree)
  t.not(fast(text), undefined)
})

test('what the fast reader cannot be sure of goes to the one that says where a fault is', t => {
  const odd = {
    'a duplicate key': 'a: 1\na: 2\n',
    'a tab': 'a:\n\t- b\n',
    'an alias': 'a: &x 1\nb: *x\n',
    'a merge key': 'a: {x: 1}\nb:\n  <<: {y: 2}\n',
    'a tag': 'a: !!str 1\n',
    'two documents': 'a: 1\n---\nb: 2\n',
    nothing: '',
    'an open quote': 'a: "b\n',
  }
  for (const [what, text] of Object.entries(odd)) t.is(fast(text), undefined, what)
})

test('for every value that YAML can hold, both readers agree', t => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
  )
  const value = fc.letrec(tie => ({
    any: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('any')), fc.dictionary(fc.string(), tie('any'))),
  })).any
  fc.assert(
    fc.property(value, each => agrees(stringify(each, { lineWidth: 30 }))),
    { numRuns: 300 },
  )
  t.pass()
})

const recorded = existsSync(SHARED) ? test : test.skip

recorded('every file of the fixtures and of the bots is read the same way by both readers', t => {
  const files = ['rasa-data', 'conformance/bots'].flatMap(folder =>
    readdirSync(join(SHARED, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ya?ml|json)$/.test(name))
      .map(name => join(SHARED, folder, name)),
  )
  t.true(files.length > 200)
  let read = 0
  for (const file of files) {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
    const tree = fast(text)
    if (tree === undefined) continue
    read += 1
    t.deepEqual(tree, slow(text).tree, file)
  }
  t.true(read > files.length * 0.9, `only ${read} of ${files.length} were read fast`)
})
