import { join } from 'node:path'
import test from 'ava'
import { tinyBot } from '../../test/project-folder.ts'
import { readProject } from '../index.ts'

const json = JSON.stringify

test("Rasa's JSON is read: examples with offsets in code points, synonyms, regexes, lookups", async t => {
  const root = await tinyBot(t, {
    'data/nlu.yml': null,
    'plates.txt': 'tacos\n',
    'data/nlu.json': json({
      rasa_nlu_data: {
        common_examples: [
          {
            text: '😀 to Rome',
            intent: 'goodbye ',
            entities: [{ start: 5, end: 9, value: 'roma', entity: 'city', role: 'to' }],
          },
          { text: 'open?', intent: 'faq/open' },
          { text: 'open?', intent: 'faq/open' },
        ],
        entity_synonyms: [{ value: 'New York', synonyms: ['NYC', 'nyc'] }],
        regex_features: [{ name: 'zip', pattern: '\\d{5}' }],
        lookup_tables: [
          { name: 'city', elements: ['Rome'] },
          { name: 'plate', elements: 'plates.txt' },
        ],
      },
    }),
    'data/package.json': json({ name: 'no training data' }),
  })
  const { nlu, problems, files } = await readProject({ root })
  t.deepEqual(problems, [])
  t.is(nlu.examples.length, 2)
  t.like(nlu.examples[0], {
    intent: 'goodbye',
    entities: [{ start: 6, end: 10, entity: 'city', value: 'roma', role: 'to' }],
  })
  t.like(nlu.examples[1], { intent: 'faq', intentResponseKey: 'faq/open' })
  t.deepEqual(
    [...nlu.synonyms],
    [
      ['NYC', 'New York'],
      ['nyc', 'New York'],
    ],
  )
  t.like(nlu.regexes[0], { name: 'zip', pattern: '\\d{5}' })
  t.deepEqual(
    nlu.lookups.map(({ name, elements }) => `${name}: ${elements.join()}`),
    ['city: Rome', 'plate: tacos'],
  )
  t.false(files.some(file => file.endsWith('package.json')))
})

test('a lookup file that is missing is told with its place', async t => {
  const root = await tinyBot(t, {
    'data/nlu.json': json({ rasa_nlu_data: { lookup_tables: [{ name: 'plate', elements: 'gone.txt' }] } }),
  })
  await t.throwsAsync(readProject({ root }), { message: /data.nlu\.json:1:\d+ The lookup file gone\.txt/ })
})

test('exports of LUIS and Wit are read', async t => {
  const root = await tinyBot(t, {
    'data/nlu.yml': null,
    'data/luis.json': json({
      luis_schema_version: '7.0.0',
      utterances: [
        { text: 'to Rome', intent: 'goodbye', entities: [{ entity: 'city', startPos: 3, endPos: 6 }] },
      ],
      regex_entities: [{ name: 'zip', regexPattern: '\\d{5}' }],
    }),
    'data/wit.json': json({
      utterances: [
        {
          text: 'from Rome',
          intent: 'greet',
          entities: [{ entity: 'city:from', start: 5, end: 9, body: 'Rome' }],
        },
        { text: 'pizza', entities: [] },
      ],
    }),
  })
  const { nlu } = await readProject({ root })
  t.deepEqual(
    nlu.examples.map(({ text, intent, entities }) => [text, intent, entities]),
    [
      ['to Rome', 'goodbye', [{ start: 3, end: 7, entity: 'city', value: 'Rome' }]],
      ['from Rome', 'greet', [{ start: 5, end: 9, entity: 'city', value: 'Rome', role: 'from' }]],
      ['pizza', 'out_of_scope', []],
    ],
  )
  t.like(nlu.regexes[0], { name: 'zip', pattern: '\\d{5}' })
})

test("Dialogflow's intents and entities are read with their examples in the project's language", async t => {
  const folder = join('data', 'agent')
  const root = await tinyBot(t, {
    'data/nlu.yml': null,
    [join(folder, 'package.json')]: json({ version: '1.0.0' }),
    [join(folder, 'go.json')]: json({ name: 'goodbye', responses: [] }),
    [join(folder, 'go_usersays_en.json')]: json([
      {
        data: [
          { text: 'to ' },
          { text: 'Rome', meta: '@city', alias: 'city' },
          { text: ' now', meta: '@sys.ignore' },
        ],
      },
    ]),
    [join(folder, 'go_usersays_es.json')]: json([{ data: [{ text: 'a Roma' }] }]),
    [join(folder, 'city.json')]: json({ name: 'city', isEnum: false, isRegexp: false }),
    [join(folder, 'city_entries_en.json')]: json([{ value: 'Rome', synonyms: ['Rome', 'Roma', '@other'] }]),
    [join(folder, 'zip.json')]: json({ name: 'zip', isEnum: false, isRegexp: true }),
    [join(folder, 'zip_entries_en.json')]: json([{ value: '\\d{5}', synonyms: ['\\d{5}'] }]),
  })
  const { nlu } = await readProject({ root })
  t.deepEqual(
    nlu.examples.map(({ text, intent, entities }) => [text, intent, entities]),
    [['to Rome now', 'goodbye', [{ start: 3, end: 7, entity: 'city', value: 'Rome' }]]],
  )
  t.deepEqual(
    nlu.lookups.map(({ name, elements }) => `${name}: ${elements.join()}`),
    ['city: Rome,Roma'],
  )
  t.deepEqual(
    nlu.regexes.map(({ name, pattern }) => `${name}: ${pattern}`),
    ['zip: \\d{5}'],
  )
  t.is(nlu.synonyms.get('Roma'), 'Rome')
})
