// The command as a process: how it starts, what it takes, how it ends.

import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import test from 'ava'
import { folderOf, hasTerminal, openTerminal, quickBot, runBot, tinyBot } from './bot.ts'

const onTerminal = hasTerminal ? test : test.skip

/** An older Node of this machine, where there is one. */
const OLD_NODE = (process.env['PATH'] ?? '')
  .split(':')
  .map(folder => join(folder, 'node'))
  .find(file => existsSync(file) && !file.includes('node_modules'))

function modelsIn(folder: string): string[] {
  return existsSync(join(folder, 'models')) ? readdirSync(join(folder, 'models')) : []
}

test('the version is told, with the Rasa that it stands in for', async t => {
  const { status, stdout } = await runBot(['--version'], { folder: '.' })
  t.is(status, 0)
  t.regex(stdout, /^Tabula \d+\.\d+\.\d+, compatible with Rasa 3\.6\.21/)
})

const withOldNode = OLD_NODE === undefined ? test.skip : test
withOldNode("a shell whose Node is another one's still runs the command, with its status", async t => {
  const node = OLD_NODE ?? ''
  const version = await runBot(['--version'], { folder: '.', node })
  t.is(version.status, 0)
  t.regex(version.stdout, /Node 2[4-9]\./)
  const wrong = await runBot(['tran'], { folder: '.', node })
  t.is(wrong.status, 2)
})

test('what is not understood ends with 2 and the nearest word; no command at all with 1, a group alone with 0', async t => {
  const wrong = await quickBot(['tran'], { folder: '.' })
  t.is(wrong.status, 2)
  t.regex(wrong.stderr, /Did you mean train\?/)
  const flag = await quickBot(['train', '--datta', 'x'], { folder: '.' })
  t.is(flag.status, 2)
  t.regex(flag.stderr, /--data/)
  t.is((await quickBot(['train', '--augmentation', 'many'], { folder: '.' })).status, 2)
  t.is((await quickBot([], { folder: '.' })).status, 1)
  t.is((await quickBot(['data'], { folder: '.' })).status, 0)
  t.is((await quickBot(['train', '--help'], { folder: '.' })).status, 0)
})

test('training writes a model and says where; its progress is plain lines where no terminal is', async t => {
  const folder = await tinyBot(t)
  const { status, stdout, stderr } = await runBot(['train'], { folder })
  t.is(status, 0, stderr)
  const [model] = modelsIn(folder)
  t.is(stdout, `Your model is trained and saved at 'models/${model}'.\n`)
  t.regex(stderr, /✓ understanding 2\/3 KeywordIntentClassifier/)
  t.notRegex(stderr + stdout, /\u001b/)
})

test('flags after a subcommand are the subcommand’s, as in Rasa', async t => {
  const folder = await tinyBot(t)
  const { status, stdout } = await quickBot(['train', 'nlu', '--out', 'here', '--fixed-model-name', 'x'], {
    folder,
  })
  t.is(status, 0)
  t.regex(stdout, /here\/x\.tar\.gz/)
  t.deepEqual(readdirSync(join(folder, 'here')), ['x.tar.gz'])
})

test('a path that is not there falls back to the usual one with a word, as in Rasa', async t => {
  const folder = await tinyBot(t)
  const { status, stderr } = await quickBot(['train', '-d', 'nosuch.yml', '--data', 'nowhere'], { folder })
  t.is(status, 0)
  t.regex(stderr, /The path 'nosuch\.yml' does not exist\. The default 'domain\.yml' is used instead\./)
  t.regex(stderr, /The path 'nowhere' does not exist\. The default 'data' is used instead\./)
  const bare = await folderOf(t, {})
  const nothing = await quickBot(['train', '--data', 'nowhere'], { folder: bare })
  t.is(nothing.status, 1)
  t.regex(nothing.stderr, /nothing at 'nowhere', nor at 'data'/)
})

test('a mistake of the project ends with 1, its place and what would be right, and writes no model', async t => {
  const tab = await tinyBot(t, { 'domain.yml': 'version: "3.1"\nintents:\n\t- greet\n' })
  const first = await runBot(['train'], { folder: tab })
  t.is(first.status, 1)
  t.regex(first.stderr, /domain\.yml:3:1 error: .*\n.*\n.*→- greet/)
  t.regex(first.stderr, /→ Indent with spaces/)
  t.notRegex(first.stderr, /\n\s+at .*\.ts:/)
  t.deepEqual(modelsIn(tab), [])
  const foo = await tinyBot(t, {
    'config.yml': 'assistant_id: x\npipeline:\n- name: WhitespaceTokenizer\n- name: FooFeaturizer\n',
  })
  const second = await quickBot(['train'], { folder: foo })
  t.is(second.status, 1)
  t.regex(second.stderr, /config\.yml:4:9 error: There is no pipeline component 'FooFeaturizer'\./)
  t.deepEqual(modelsIn(foo), [])
})

test('what Rasa only warns of is a warning by line, and fails a training only where that is asked for', async t => {
  const folder = await tinyBot(t, {
    'data/nlu.yml': '',
    'data/stories.yml': `version: "3.1"
stories:
- story: unknown
  steps:
  - intent: gret
  - action: utter_nothing
`,
  })
  const lenient = await quickBot(['train'], { folder })
  t.is(lenient.status, 0)
  t.regex(
    lenient.stderr,
    /data\/stories\.yml:5:5 warning: The intent 'gret'[^\n]*\n[^→]*→ Did you mean 'greet'\?/,
  )
  t.regex(lenient.stderr, /data\/stories\.yml:6:5 warning: The response 'utter_nothing'/)
  const count = modelsIn(folder).length
  const strict = await quickBot(['train', '--fail-on-validation-warnings'], { folder })
  t.is(strict.status, 1)
  t.is(modelsIn(folder).length, count)
})

test('--dry-run gives Rasa’s statuses: 1 to train, 0 nothing to do, 8 forced', async t => {
  const folder = await tinyBot(t)
  t.is((await quickBot(['train', '--dry-run'], { folder })).status, 1)
  t.is((await quickBot(['train'], { folder })).status, 0)
  t.is((await quickBot(['train', '--dry-run'], { folder })).status, 0)
  t.is((await quickBot(['train', '--dry-run', '--force'], { folder })).status, 8)
})

onTerminal('Ctrl-C in the middle of a training ends with 130 and leaves nothing half written', async t => {
  const words = 'red green blue large small old new fast slow warm cold soft hard round flat'.split(' ')
  const intents = Array.from({ length: 150 }, (_, intent) => {
    const examples = Array.from(
      { length: 40 },
      (_, number) =>
        `    - ${words[number % 15]} ${words[(number * 7 + intent) % 15]} thing${intent} ${number}\n`,
    )
    return `- intent: i${intent}\n  examples: |\n${examples.join('')}`
  })
  const folder = await tinyBot(t, {
    'config.yml':
      'assistant_id: x\npipeline:\n- name: WhitespaceTokenizer\n- name: CountVectorsFeaturizer\n  analyzer: char_wb\n  max_ngram: 4\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n',
    'data/nlu.yml': `version: "3.1"\nnlu:\n${intents.join('')}`,
  })
  const terminal = openTerminal(['train', '--skip-validation'], { folder })
  await terminal.shows(/░ understanding 3\/3 DIETClassifier/)
  terminal.press('\u0003')
  const { status, shown } = await terminal.end
  t.is(status, 130, shown)
  t.deepEqual(modelsIn(folder), [])
  t.notRegex(shown, /\n\s+at .*\.ts:/)
})

onTerminal('a person at a terminal sees colours; NO_COLOR takes them away', async t => {
  const folder = await tinyBot(t)
  const coloured = await openTerminal(['train'], { folder }).end
  t.true(coloured.shown.includes('\u001b[32m'))
  const plain = await openTerminal(['train'], { folder, environment: { NO_COLOR: '1' } }).end
  t.false(plain.shown.includes('\u001b[32m'))
})

test('--quiet leaves out the progress, -v says which files were read', async t => {
  const folder = await tinyBot(t)
  const quiet = await quickBot(['train', '--quiet'], { folder })
  t.is(quiet.status, 0)
  t.is(quiet.stderr, '')
  const talkative = await quickBot(['train', '-v'], { folder })
  t.regex(talkative.stderr, /Read: config\.yml, domain\.yml, data\/nlu\.yml/)
})

test('the log of a server goes into the file of --log-file too', async t => {
  const folder = await tinyBot(t)
  await quickBot(['train'], { folder })
  const { status } = await runBot(['shell', '--log-file', 'shell.log', '--debug'], {
    folder,
    input: 'bye for now\n',
  })
  t.is(status, 0)
  t.regex(readFileSync(join(folder, 'shell.log'), 'utf8'), /"level":"info"/)
})

test('a port that is taken is named in a sentence, whatever channels there are, and nothing is left open', async t => {
  const folder = await tinyBot(t, { 'credentials.yml': 'rest:\nsocketio:\n' })
  await quickBot(['train'], { folder })
  const other = createServer().listen(0)
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { status, stderr } = await runBot(['run', '-p', String(port)], { folder })
  t.is(status, 1)
  t.regex(stderr, new RegExp(`Port ${port} is taken`))
  t.notRegex(stderr, /\n\s+at /)
})

onTerminal(
  'Ctrl-C ends init with 130 at each of its questions, and no model is there that was not asked for',
  async t => {
    const folder = await folderOf(t, {})
    const init = openTerminal(['init'], { folder })
    await init.next(/Folder for the bot/, '\u0003')
    t.is((await init.end).status, 130)
    t.deepEqual(readdirSync(folder), [])
    const within = openTerminal(['init'], { folder })
    await within.next(/Folder for the bot/, 'mine\r')
    await within.next(/Train it now/, '\u0003')
    t.is((await within.end).status, 130)
    t.false(existsSync(join(folder, 'mine/models')))
  },
)
