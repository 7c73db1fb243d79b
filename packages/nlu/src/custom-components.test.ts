import type { SavedPart } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import test from 'ava'
import { readExamples } from '../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../test/train.ts'
import { checkPipeline } from './check-pipeline.ts'
import type { Message } from './message.ts'
import { registerComponent } from './custom-components.ts'

const DATA = readExamples('- intent: greet\n  examples: |\n    - hello\n    - hi\n')

class Shouting {
  static readonly kinds = ['extractor'] as const
  static readonly requires = ['tokenizer'] as const
  static readonly defaults = { mark: '!' }
  readonly #mark: unknown
  #seen: unknown = 0
  constructor(options: JsonObject) {
    this.#mark = options['mark']
  }
  train(messages: readonly Message[]): void {
    this.#seen = messages.length
  }
  process(message: Message): void {
    const at = message.text.indexOf(String(this.#mark))
    if (at >= 0)
      message.entities.push({
        ...{ entity: 'shout', start: at, end: at + 1, value: Number(this.#seen), extractor: 'Shouting' },
      })
  }
  save(): SavedPart {
    return { header: { seen: this.#seen }, tensors: {} }
  }
  restore({ header }: SavedPart): void {
    this.#seen = header['seen']
  }
}

test("a project's own class trains, is saved, and runs under its path in config.yml", async t => {
  const configs = toConfigs('WhitespaceTokenizer', ['shouting.Shouting', { mark: '?' }])
  t.is(checkPipeline(configs, 'en')[0]?.code, 'config.unknown-component')
  registerComponent('shouting.Shouting', Shouting)
  t.deepEqual(checkPipeline(configs, 'en'), [])
  const { pipeline } = await trainAndLoad(configs, DATA)
  t.deepEqual((await pipeline.parse('why?')).entities, [
    { entity: 'shout', start: 3, end: 4, value: 2, extractor: 'Shouting' },
  ])
})

test('its options and its place are checked as those of any other', t => {
  registerComponent('loud.Loud', Shouting)
  const problems = checkPipeline(toConfigs(['loud.Loud', { marc: '?' }]), 'en')
  t.deepEqual(
    problems.map(({ code }) => code),
    ['config.missing-component', 'config.unknown-option'],
  )
})
