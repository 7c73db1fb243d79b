import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { readExamples } from '../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../test/train.ts'
import { checkPipeline } from './check-pipeline.ts'
import { loadCustomComponents } from './custom-components.ts'

const DATA = readExamples('- intent: greet\n  examples: |\n    - hello\n    - hi\n')

const SHOUTING = `
export class Shouting {
  static kinds = ['extractor']
  static requires = ['tokenizer']
  static defaults = { mark: '!' }
  constructor(options, context) { this.mark = options.mark; this.seen = 0 }
  train(messages) { this.seen = messages.length }
  process(message) {
    const at = message.text.indexOf(this.mark)
    if (at >= 0) message.entities.push({ entity: 'shout', start: at, end: at + 1, value: this.seen, extractor: 'Shouting' })
  }
  save() { return { header: { seen: this.seen }, tensors: {} } }
  restore({ header }) { this.seen = header.seen }
}
export const notOne = 1
`

function projectWith(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-custom-'))
  writeFileSync(join(folder, file), text)
  return folder
}

test("a project's own class trains, is saved, and runs under its path in config.yml", async t => {
  const configs = toConfigs('WhitespaceTokenizer', ['shouting.Shouting', { mark: '?' }])
  t.is(checkPipeline(configs, 'en')[0]?.code, 'config.unknown-component')
  await loadCustomComponents(configs, projectWith('shouting.mjs', SHOUTING))
  t.deepEqual(checkPipeline(configs, 'en'), [])
  const { pipeline } = await trainAndLoad(configs, DATA)
  t.deepEqual((await pipeline.parse('why?')).entities, [
    { entity: 'shout', start: 3, end: 4, value: 2, extractor: 'Shouting' },
  ])
})

test('its options and its place are checked as those of any other', async t => {
  const project = projectWith(
    'loud.ts',
    SHOUTING.replaceAll('Shouting', 'Loud').replace(
      'constructor(options, context)',
      'mark: string; seen: number\n  constructor(options: { mark: string })',
    ),
  )
  await loadCustomComponents(toConfigs('loud.Loud'), project)
  const problems = checkPipeline(toConfigs(['loud.Loud', { marc: '?' }]), 'en')
  t.deepEqual(
    problems.map(({ code }) => code),
    ['config.missing-component', 'config.unknown-option'],
  )
})

test('a file that cannot be loaded, or lacks the class, is named with the reason', async t => {
  const load = (name: string, text: string) =>
    loadCustomComponents(toConfigs(name), projectWith('own.mjs', text))
  await t.throwsAsync(load('own.Thing', 'export const other = 1'), { message: /own\.mjs.*no export Thing/ })
  await t.throwsAsync(load('own.Thing', 'throw new Error("boom")'), { message: /cannot be loaded: boom/ })
  await t.throwsAsync(load('own.Thing', 'export class Thing {}'), { message: /no static kinds/ })
})
