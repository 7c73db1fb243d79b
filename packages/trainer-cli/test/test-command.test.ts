// bot test and visualize: Rasa's files and statuses, pictures, and the pages that people open.

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { chromium } from 'playwright-core'
import { findService } from '../../../tools/services.mjs'
import { type Files, quickBot, tinyBot } from './bot.ts'

const browser = findService('Chromium')
const inBrowser = browser === null ? test.skip : test

const TESTS: Files = {
  'tests/test_stories.yml': `version: "3.1"
stories:
- story: right
  steps:
  - user: |-
      hello there
    intent: greet
  - action: utter_greet
  - action: action_look
- story: wrong
  steps:
  - user: |-
      see you in [Rome](city)
    intent: goodbye
  - action: utter_greet
`,
}

async function json(folder: string, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, 'results', name), 'utf8')) as Record<string, unknown>
}

test('a failed story is written with its wrong predictions; the status is 0 unless failing is asked for', async t => {
  const folder = await tinyBot(t, TESTS)
  t.is((await quickBot(['train'], { folder })).status, 0)
  const lenient = await quickBot(['test', 'core', '--e2e', '-s', 'tests'], { folder })
  t.is(lenient.status, 0, lenient.stderr)
  t.regex(lenient.stdout, /✗ wrong tests\/test_stories\.yml:10/)
  const failed = await readFile(join(folder, 'results/failed_test_stories.yml'), 'utf8')
  t.regex(failed, /- story: wrong \(tests\/test_stories\.yml\)/)
  t.regex(failed, /- action: utter_greet {2}# predicted: utter_goodbye/)
  t.regex(failed, /see you in \[Rome\]\(city\)/)
  t.deepEqual((await json(folder, 'story_report.json'))['conversation_accuracy'], {
    accuracy: 0.5,
    correct: 1,
    with_warnings: 0,
    total: 2,
  })
  const strict = await quickBot(
    ['test', 'core', '--e2e', '-s', 'tests', '--fail-on-prediction-errors', '--successes'],
    { folder },
  )
  t.is(strict.status, 1)
  t.regex(await readFile(join(folder, 'results/successful_test_stories.yml'), 'utf8'), /story: right/)
})

test('understanding is tested by a model, by cross-validation and by comparison, with Rasa’s files', async t => {
  const folder = await tinyBot(t, {
    'other.yml':
      'assistant_id: x\npipeline:\n- name: WhitespaceTokenizer\n- name: KeywordIntentClassifier\npolicies: []\n',
  })
  await quickBot(['train', 'nlu'], { folder })
  const plain = await quickBot(['test', 'nlu', '--json'], { folder })
  t.is(plain.status, 0, plain.stderr)
  t.like(JSON.parse(plain.stdout), { intents: { accuracy: 1 } })
  const files = await readdir(join(folder, 'results'))
  for (const name of [
    'intent_report.json',
    'intent_confusion_matrix.png',
    'intent_histogram.svg',
    'report.html',
  ])
    t.true(files.includes(name), name)
  t.false(files.includes('intent_errors.json'))
  const png = await readFile(join(folder, 'results/intent_confusion_matrix.png'))
  t.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
  const crossed = await quickBot(['test', 'nlu', '--cross-validation', '-f', '3', '--no-plot'], { folder })
  t.is(crossed.status, 0, crossed.stderr)
  t.regex(crossed.stdout, /Cross-validation with 3 folds/)
  const few = await quickBot(['test', 'nlu', '--cross-validation', '-f', '9'], { folder })
  t.is(few.status, 1)
  t.regex(few.stderr, /No intent has 9 examples/)
  const compared = await quickBot(
    ['test', 'nlu', '-c', 'config.yml', 'other.yml', '-r', '1', '-p', '0', '50'],
    { folder },
  )
  t.is(compared.status, 0, compared.stderr)
  const results = (await json(folder, 'results.json')) as Record<string, number[][]>
  t.deepEqual(Object.keys(results), ['config', 'other'])
  t.is(results['config']?.[0]?.length, 2)
})

test('where one intent alone has enough examples, a cross-validation says that there is nothing to tell apart', async t => {
  const folder = await tinyBot(t, {
    'data/nlu.yml':
      'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n- intent: goodbye\n  examples: |\n    - bye\n',
  })
  const { status, stderr } = await quickBot(['test', 'nlu', '--cross-validation', '-f', '2'], { folder })
  t.is(status, 0, stderr)
  t.regex(stderr, /Fewer than two intents have 2 examples/)
})

test('several configs for dialogue are trained by share and run, and compared', async t => {
  const folder = await tinyBot(t, {
    'other.yml': 'assistant_id: x\npipeline: []\npolicies:\n- name: RulePolicy\n',
  })
  const trained = await quickBot(
    [
      'train',
      'core',
      '-c',
      'config.yml',
      'other.yml',
      '--runs',
      '1',
      '--percentages',
      '0',
      '50',
      '--out',
      'c',
    ],
    { folder },
  )
  t.is(trained.status, 0, trained.stderr)
  t.deepEqual((await readdir(join(folder, 'c/run_1'))).toSorted(), [
    'config__percentage__0.tar.gz',
    'config__percentage__50.tar.gz',
    'other__percentage__0.tar.gz',
    'other__percentage__50.tar.gz',
  ])
  const compared = await quickBot(['test', 'core', '--evaluate-model-directory', '-m', 'c'], { folder })
  t.is(compared.status, 0, compared.stderr)
  t.like(await json(folder, 'results.json'), { config: [[1, 1]] })
})

inBrowser('the report and the graph are pages that can be sorted, searched and chosen from', async t => {
  const folder = await tinyBot(t, TESTS)
  await quickBot(['train'], { folder })
  await quickBot(['test', '-s', 'tests', '--no-plot'], { folder })
  t.is((await quickBot(['visualize', '-u', 'data/nlu.yml'], { folder })).status, 0)
  const opened = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
  t.teardown(() => opened.close())
  const page = await opened.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  page.on('request', request => {
    if (!request.url().startsWith('file:')) faults.push(request.url())
  })
  await page.goto(`file://${join(folder, 'results/report.html')}`)
  await page.getByRole('searchbox', { name: 'Search intents', exact: true }).fill('good')
  t.is(await page.locator('table').nth(1).locator('tbody tr').count(), 1)
  await page.getByRole('button', { name: 'greet, predicted greet: 3' }).click()
  t.regex(await page.locator('#cell').innerText(), /good morning/)
  await page.goto(`file://${join(folder, 'graph.html')}`)
  await page.getByRole('button', { name: 'utter_goodbye' }).click()
  t.regex(await page.locator('#about').innerText(), /data\/rules\.yml:\d+/)
  await page.getByRole('button', { name: 'greet', exact: true }).press('Enter')
  t.regex(await page.locator('#about').innerText(), /hello there/)
  t.deepEqual(faults, [])
})
