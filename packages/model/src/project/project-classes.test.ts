import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Tracker } from '@tabula/dialogue'
import { ProjectError } from '@tabula/protocol'
import test from 'ava'
import { loadModel } from '../load-model.ts'
import { trainModel } from '../train/train-model.ts'
import { readProject } from './read-project.ts'

const SHOUTING = `
export class Shouting {
  static kinds = ['extractor']
  static requires = ['tokenizer']
  static defaults = { mark: '!' }
  mark: string
  seen = 0
  constructor(options: { mark: string }) { this.mark = options.mark }
  train(messages: readonly unknown[]) { this.seen = messages.length }
  process(message: { text: string; entities: object[] }) {
    const at = message.text.indexOf(this.mark)
    if (at >= 0) message.entities.push({ entity: 'shout', start: at, end: at + 1, value: this.seen, extractor: 'Shouting' })
  }
  save() { return { header: { seen: this.seen }, tensors: {} } }
  restore({ header }: { header: { seen: number } }) { this.seen = header.seen }
}
`
const NIGHT = `
export class NightPolicy {
  static defaults = { says: 'utter_night' }
  says: string
  stories = 0
  constructor(options: { says: string }) { this.says = options.says }
  train({ trackers }: { trackers: readonly unknown[] }) { return { stories: trackers.length } }
  restore(learned: { stories: number }) { this.stories = learned.stories }
  predict(tracker: { latestActionName: string | null }) {
    return { [this.says]: this.stories > 0 ? 0.9 : 0 }
  }
}
`
const NET = `
export class NetSlot {
  featureCount = 2
  features(value: unknown) { return value === null ? [0, 0] : String(value).startsWith('10.') ? [1, 0] : [0, 1] }
}
`
const FILES = {
  'config.yml': `recipe: default.v1
assistant_id: own
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: parts.shouting.Shouting
  mark: '?'
policies:
- name: RulePolicy
- name: parts.night.NightPolicy
  priority: 6
  says: utter_night
`,
  'domain.yml': `version: "3.1"
intents: [greet]
slots:
  address:
    type: parts.net.NetSlot
    mappings: []
responses:
  utter_night: [{text: Good night}]
  utter_hi: [{text: Hi}]
`,
  'data/nlu.yml': 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n',
  'data/rules.yml': 'version: "3.1"\nrules:\n- rule: hi\n  steps:\n  - intent: greet\n  - action: utter_hi\n',
  'parts/shouting.ts': SHOUTING,
  'parts/night.ts': NIGHT,
  'parts/net.ts': NET,
}

async function withProject(
  changed: Readonly<Record<string, string>>,
  use: (root: string) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'tabula-classes-'))
  for (const [file, text] of Object.entries({ ...FILES, ...changed })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  try {
    await use(root)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

const read = (root: string) => readProject({ root })

test("a project's own component, policy and slot type train, are saved, and run under their paths", async t => {
  await withProject({}, async root => {
    const { file } = await trainModel(await read(root), { out: join(root, 'models') })
    const { domain, pipeline, ensemble } = await loadModel(file)
    t.deepEqual((await pipeline?.parse('why?'))?.entities, [
      { entity: 'shout', start: 3, end: 4, value: 2, extractor: 'Shouting' },
    ])
    const tracker = new Tracker('ann', domain)
    tracker.apply({ event: 'slot', name: 'address', value: '10.0.0.1', timestamp: 1 })
    tracker.settle()
    const prediction = ensemble?.predict(tracker)
    t.deepEqual(
      [prediction?.actionName, prediction?.confidence, prediction?.policy],
      ['utter_night', 0.9, 'NightPolicy'],
    )
    t.deepEqual(tracker.states().at(-1)?.slots, { address: [1, 0] })
  })
})

test('a class that was changed is trained anew, and one that was not is not', async t => {
  await withProject({}, async root => {
    const options = { out: join(root, 'models') }
    const trainedNames = async (): Promise<readonly string[]> => {
      const names = new Set<string>()
      await trainModel(await read(root), {
        ...options,
        onProgress: ({ name, isReused }) => {
          if (!isReused) names.add(name)
        },
      })
      return [...names]
    }
    t.true((await trainedNames()).includes('parts.night.NightPolicy'))
    t.deepEqual(await trainedNames(), [])
    writeFileSync(join(root, 'parts/night.ts'), `${NIGHT}// another\n`)
    t.true((await trainedNames()).includes('parts.night.NightPolicy'))
  })
})

const wrong: Readonly<Record<string, readonly [Record<string, string>, RegExp]>> = {
  'a file that throws': [
    { 'parts/shouting.ts': 'throw new Error("boom")' },
    /config\.yml:7.*cannot be loaded: boom/,
  ],
  'a component without kinds': [
    { 'parts/shouting.ts': 'export class Shouting {}' },
    /config\.yml:7.*no static kinds/,
  ],
  'a policy that predicts nothing': [
    { 'parts/night.ts': 'export class NightPolicy {}' },
    /config\.yml:11.*no method predict/,
  ],
  'another export': [
    { 'parts/night.ts': 'export const other = 1' },
    /night\.ts, but it has no export NightPolicy/,
  ],
  'a slot type without features': [
    { 'parts/net.ts': 'export class NetSlot {}' },
    /domain\.yml:5.*featureCount/,
  ],
  'a slot type that is nowhere': [
    { 'domain.yml': FILES['domain.yml'].replace('parts.net', 'parts.no') },
    /domain\.yml:5.*not known.*slots\.net\.NetSlot/,
  ],
}
for (const [name, [changed, message]] of Object.entries(wrong))
  test(`the bot owner reads what is wrong with a class, and where: ${name}`, async t => {
    await withProject(changed, async root => {
      const error = await t.throwsAsync(read(root), { instanceOf: ProjectError })
      const all = error.problems.map(
        ({ position, message: said, hint }) => `${position?.file}:${position?.line} ${said} ${hint ?? ''}`,
      )
      t.true(
        all.some(each => message.test(each)),
        all.join('\n'),
      )
    })
  })

test('a policy that predicts an action of no domain says so', async t => {
  await withProject(
    { 'config.yml': FILES['config.yml'].replace('says: utter_night', 'says: utter_no') },
    async root => {
      const { file } = await trainModel(await read(root), { out: join(root, 'models') })
      const { domain, ensemble } = await loadModel(file)
      t.throws(() => ensemble?.predict(new Tracker('ann', domain)), { message: /utter_no.*no such action/ })
    },
  )
})
