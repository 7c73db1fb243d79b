import test from 'ava'
import * as fc from 'fast-check'
import type { JsonValue } from '@tabula/protocol'
import { readYaml } from './read-yaml.ts'
import { positionAt, Problems, toJson } from './yaml-node.ts'

function read(
  text: string,
  environment: Readonly<Record<string, string>> = {},
): { value: JsonValue | undefined; told: readonly string[] } {
  const problems = new Problems()
  const tree = readYaml(text, 'a.yml', problems, environment)
  return {
    value: tree === null ? undefined : toJson(tree),
    told: problems.all.map(({ code, position }) => `${code} ${position?.line ?? 0}:${position?.column ?? 0}`),
  }
}

test('for every value: JSON, which is YAML too, is read as it was written', t => {
  const value = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,6}$/),
    fc.oneof(
      fc.stringMatching(/^[^$]{0,20}$/),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.stringMatching(/^[a-z \n]{0,9}$/)),
    ),
  )
  fc.assert(
    fc.property(value, given => {
      t.deepEqual(read(JSON.stringify(given)).value, { ...given })
    }),
    { numRuns: 200 },
  )
})

test('aliases and merge keys stand for what they name; what a map says itself comes first', t => {
  t.deepEqual(read('a: &x\n  p: 1\n  q: 1\nb: *x\nc:\n  <<: *x\n  q: 2\n').value, {
    a: { p: 1, q: 1 },
    b: { p: 1, q: 1 },
    c: { p: 1, q: 2 },
  })
  t.deepEqual(read('- &x {p: 1}\n- &y {p: 2, q: 2}\n- <<: [*x, *y]\n').value, [
    { p: 1 },
    { p: 2, q: 2 },
    { p: 1, q: 2 },
  ])
})

test('security row 28: a file made of aliases of aliases is refused instead of filling the memory', t => {
  const lines = Array.from(
    { length: 12 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`,
  )
  const { told } = read(`a0: &a0 [x]\n${lines.join('\n')}\n`)
  t.true(told.some(line => line.startsWith('yaml.too-many-aliases')))
})

test('security row 29: very deep nesting, and merge keys that multiply, are refused without a stack running over', t => {
  for (const depth of [300, 100_000]) {
    const { told } = read(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    t.true(
      told.some(line => line.startsWith('yaml.')),
      String(depth),
    )
  }
  t.true(read(`${'['.repeat(300)}${']'.repeat(300)}`).told.some(line => line.startsWith('yaml.too-deep')))
  const merges = Array.from(
    { length: 3000 },
    (_, index) => `m${index}: &m${index}\n  <<: [${index === 0 ? '' : `*m${index - 1}`}]\n  k${index}: 1`,
  )
  t.true(read(merges.join('\n')).told.length > 0)
})

test('security row 30: tags that would make objects are refused with their line', t => {
  for (const tag of ['!!python/object/apply:os.system', '!!js/function', '!Custom'])
    t.regex(read(`a: 1\nb: ${tag} "x"\n`).told[0] ?? '', /^yaml\..* 2:/, tag)
})

test('mistakes are told with line and column', t => {
  t.deepEqual(read('a: 1\na: 2\n').told, ['yaml.duplicate-key 2:1'])
  t.deepEqual(read('a:\n\tb: 1\n').told[0], 'yaml.tab-as-indent 2:1')
  t.deepEqual(read('a: "open\n').told.length > 0, true)
})

test('variables are filled in where the text is plain; an unset one is told where a value would begin with it', t => {
  t.deepEqual(read('a: ${URL}/x\nb: "${URL}"\nc: costs $5\n', { URL: 'http://h' }).value, {
    a: 'http://h/x',
    b: '${URL}',
    c: 'costs $5',
  })
  t.deepEqual(read('a: ${UNSET}\n').told, ['yaml.variable 1:4'])
})

test('a place is that of the deepest part that is there', t => {
  const tree = readYaml('a:\n  - b: 1\n    c: 2\n', 'a.yml', new Problems(), {})
  if (tree === null) throw new Error('it is empty')
  t.like(positionAt(tree, ['a', 0, 'c']), { line: 3, column: 5 })
  t.like(positionAt(tree, ['a', 0, 'none', 'deeper']), { line: 2, column: 5 })
  t.like(positionAt(tree, ['none']), { line: 1, column: 1 })
})

test('a byte that is no text does not end the reading of JSON escapes', t => {
  t.deepEqual(read('{"a": "\\ud83d\\ude00\\u0027\\/",\n\t"b": [1]}').value, { a: "😀'/", b: [1] })
})
