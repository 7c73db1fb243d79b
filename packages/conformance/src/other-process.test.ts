import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readArchive } from '@tabula/model'
import test from 'ava'
import fc from 'fast-check'
import { type OtherProcessRequest, continueWith, trainIn } from './other-process.ts'
import { ownBot } from './own-bots.ts'

const SCRIPT = join(import.meta.dirname, 'other-process.ts')
const CONFIG = `recipe: default.v1
assistant_id: twice
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 20
- name: EntitySynonymMapper
policies:
- name: MemoizationPolicy
- name: AugmentedMemoizationPolicy
  priority: 2
- name: RulePolicy
- name: TEDPolicy
  max_history: 3
  epochs: 10
- name: UnexpecTEDIntentPolicy
  max_history: 3
  epochs: 10
`

/** What a process of its own answers; it is started as a server is, with nothing in memory. */
async function inOtherProcess(request: OtherProcessRequest): Promise<unknown> {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(request))
  const [answer, closed] = await Promise.all([text(child.stdout), once(child, 'close')])
  const status: unknown = closed[0]
  if (status !== 0) throw new Error(`the other process ended with ${String(status)}`)
  return JSON.parse(answer)
}

async function trained(use: (folder: string, config: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-process-'))
  const config = join(folder, 'config.yml')
  writeFileSync(config, CONFIG)
  try {
    await use(folder, config)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('the same project and seed give the same model on every machine, byte for byte', async t => {
  await trained(async (folder, config) => {
    const { project } = ownBot('stories')
    const here = await trainIn(project, config, join(folder, 'here'))
    const there = await inOtherProcess({ kind: 'train', project, config, out: join(folder, 'there') })
    const [one, other] = await Promise.all([readArchive(here), readArchive(String(there))])
    const parts = [...one.keys()].filter(path => path.startsWith('components/'))
    t.true(parts.length > 5)
    t.deepEqual([...other.keys()].sort(), [...one.keys()].sort())
    for (const path of parts) t.deepEqual(other.get(path), one.get(path), path)
    const idOf = (archive: ReadonlyMap<string, Uint8Array>): unknown =>
      (JSON.parse(Buffer.from(archive.get('metadata.json') ?? []).toString()) as { model_id: unknown })
        .model_id
    t.is(idOf(other), idOf(one))
  })
})

for (const bot of ['forms', 'loops', 'stories'])
  test(`a conversation with ${bot} that is cut goes on in a fresh process as if it had not been`, async t => {
    const { project, golden } = ownBot(bot)
    const cases = JSON.parse(readFileSync(golden.replace('.golden.', '.cases.'), 'utf8')) as {
      readonly conversations: readonly { readonly steps: readonly { readonly say?: string }[] }[]
    }
    const talks = cases.conversations.map(({ steps }) =>
      steps.flatMap(({ say }) => (say === undefined ? [] : [say])),
    )
    await trained(async (folder, config) => {
      const model = await trainIn(project, config, folder)
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...talks), fc.nat(), async (texts, at) => {
          const cut = at % texts.length
          const whole = await continueWith(model, [], texts)
          const begun = await continueWith(model, [], texts.slice(0, cut))
          const rest = { kind: 'continue', model, events: begun.events, texts: texts.slice(cut) } as const
          t.deepEqual(await inOtherProcess(rest), JSON.parse(JSON.stringify(whole.toWholeState('ALL'))))
        }),
        { numRuns: 3 },
      )
    })
  })
