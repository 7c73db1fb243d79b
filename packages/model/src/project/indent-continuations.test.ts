import test from 'ava'
import fc from 'fast-check'
import { indentContinuations } from './indent-continuations.ts'
import { readYaml } from './read-yaml.ts'
import { Problems, toJson } from './yaml-node.ts'

function read(text: string): unknown {
  const problems = new Problems()
  const tree = readYaml(text, 'x.yml', problems, {})
  return problems.all.length > 0 || tree === null ? problems.all : toJson(tree)
}

test('text in quotes may go on at any column, as Rasa reads it', t => {
  t.deepEqual(
    read(
      `responses:
  utter_a:
  - text: "One, # no comment
    two:
  - three.

  'Four' and \\"five\\"
six."
    image: 'it''s
here'
  utter_b: # "not a text
  - text: |
      "left
    as it is
  - "seven
eight"
  - {text: "nine
ten", buttons: ["a
b", 'c']}
last: 'x
y'
`.replace('    as it is\n', '      as it is\n'),
    ),
    {
      responses: {
        utter_a: [{ text: `One, # no comment two: - three.\n'Four' and "five" six.`, image: "it's here" }],
        utter_b: [{ text: '"left\nas it is\n' }, 'seven eight', { text: 'nine ten', buttons: ['a b', 'c'] }],
      },
      last: 'x y',
    },
  )
})

test('a quote that is never closed is told where it stands', t => {
  t.like(read('a: "b\nc: d\n'), [{ severity: 'error', code: 'yaml.missing-char' }])
})

test('for every text in quotes: where its lines stand does not change what it says', t => {
  const words = fc.stringMatching(/^[a-z#:\-'"[\]{},&*!|>%@ ]{0,12}$/).map(text => `w${text}w`)
  const indents = fc.integer({ min: 0, max: 6 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(words, indents), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('"', "'"),
      (parts, mark) => {
        const escaped = (text: string): string =>
          mark === "'" ? text.replaceAll("'", "''") : text.replaceAll('"', '\\"')
        const lines = parts.map(
          ([text, indent], index) => `${index === 0 ? '' : ' '.repeat(indent)}${escaped(text)}`,
        )
        const file = `a:\n  b:\n  - text: ${mark}${lines.join('\n')}${mark}\n    other: it's 'x' "y"\n  c: 1\n`
        t.deepEqual(read(file), {
          a: { b: [{ text: parts.map(([text]) => text).join(' '), other: `it's 'x' "y"` }], c: 1 },
        })
      },
    ),
  )
})

test('a file that YAML reads as it stands is left as it is', t => {
  const file = `a: it's\nb:\n- c: "d"\n  e: 'f'\n- |\n  "g\n h: i\nj: ["k", 'l']\n`
  t.is(indentContinuations(file), file)
})

test('lists and maps in brackets may go on at any column too', t => {
  t.deepEqual(
    read(`pipeline:
- name: A
  features: [
  ["low", "title"], # of the word before
  ["BOS",
"EOS"]
  ]
  map: {
a: 1, b: [2,
3]
}
language: en
`),
    {
      pipeline: [
        {
          name: 'A',
          features: [
            ['low', 'title'],
            ['BOS', 'EOS'],
          ],
          map: { a: 1, b: [2, 3] },
        },
      ],
      language: 'en',
    },
  )
})
