// bot dev and bot shell, as a person sits before them.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { hasTerminal, openTerminal, runBot, TINY_BOT, tinyBot } from './bot.ts'

const onTerminal = hasTerminal ? test : test.skip

const ENTER = '\r'
const CTRL_C = '\u0003'

/** Free ports for all parts. */
const FREE_PORTS = { API_PORT: '0', INFERENCE_PORT: '0', ACTION_PORT: '0', NO_COLOR: '1' }

/** The SDK is not installed beside it: the command lends its own. */
const ACTION = (words: string): string =>
  `import { defineAction } from '@tabula/action-sdk'
export const look = defineAction({ name: 'action_look', run(dispatcher) { dispatcher.utterMessage({ text: '${words}' }) } })
`

onTerminal(
  'a changed response, a changed action and a mended mistake are live in the same conversation',
  async t => {
    const folder = await tinyBot(t, {
      'actions/look.mjs': ACTION('I see one.'),
      'data/rules.yml': `version: "3.1"
rules:
- rule: say goodbye
  steps:
  - intent: goodbye
  - action: utter_goodbye
- rule: look around
  steps:
  - intent: greet
  - action: utter_greet
  - action: action_look
`,
      'data/stories.yml': null,
    })
    const person = openTerminal(['dev'], { folder, environment: FREE_PORTS })
    await person.next(/Change a file/, '')
    await person.next(/You:/, `hello there${ENTER}`)
    await person.next(/Hello!.*I see one\.[^]*You:/s, '')
    const domain = join(folder, 'domain.yml')
    const written = TINY_BOT['domain.yml'] ?? ''
    await writeFile(domain, written.replace('Hello!', 'Good day!'))
    await person.next(/domain\.yml changed: trained in .*reloaded, ready\./, '')
    await writeFile(join(folder, 'actions/look.mjs'), ACTION('I see two.'))
    await person.next(/look\.mjs changed: 1 actions, reloaded, ready\./, `hello there${ENTER}`)
    await person.next(/Good day![^]*I see two\./, '')
    await writeFile(domain, 'version: "3.1"\nintents:\n\t- greet\n')
    await person.next(/domain\.yml:3:1 error[^]*The bot goes on as it was/, `bye for now${ENTER}`)
    await person.next(/Goodbye!/, '')
    await writeFile(domain, written)
    await person.next(/domain\.yml changed: .*(ready|nothing)/, `/replay${ENTER}`)
    await person.next(/≠ hello there[^]*- Good day!?[^]*\+ Hello![^]*goes on from here/, `/why${ENTER}`)
    await person.next(/goodbye 1\.00[^]*utter_goodbye RulePolicy 1\.00/, '')
    await person.next(/You:/, CTRL_C)
    const { status, shown } = await person.end
    t.is(status, 130, shown)
    t.notRegex(shown, /\n\s+at .*\.ts:/)
  },
)

onTerminal(
  'in the shell a person sees slots and reasons, keeps a test, and Ctrl-C ends with 130',
  async t => {
    const folder = await tinyBot(t)
    t.is((await runBot(['train'], { folder })).status, 0)
    const person = openTerminal(['shell'], { folder, environment: { NO_COLOR: '1' } })
    await person.next(/You:/, `see you in Rome${ENTER}`)
    await person.next(/Goodbye!/, '')
    await person.next(/You:/, `/slots${ENTER}`)
    await person.next(/city: "Rome"/, `/why${ENTER}`)
    await person.next(/entities: city "Rome"[^]*utter_goodbye RulePolicy 1\.00/, `/save-test${ENTER}`)
    await person.next(/Written to tests\/test_shell\.yml/, `/save-test${ENTER}`)
    await person.next(/Written to tests\/test_shell\.yml/, `/undo${ENTER}`)
    await person.next(/Taken back: see you in Rome/, `/help${ENTER}`)
    await person.next(/\/undo/, CTRL_C)
    const { status, shown } = await person.end
    t.is(status, 130, shown)
    const kept = await readFile(join(folder, 'tests/test_shell.yml'), 'utf8')
    t.regex(kept, /user: \|-?\n\s+see you in \[Rome\]\(city\)/)
    t.is(kept.match(/^- story:/gm)?.length, 2)
    t.is((await runBot(['test', '-s', 'tests'], { folder })).status, 0)
  },
)

test('the shell answers lines of a file, and what it says is all that standard output has', async t => {
  const folder = await tinyBot(t)
  t.is((await runBot(['train'], { folder })).status, 0)
  const { status, stdout } = await runBot(['shell'], { folder, input: 'bye for now\n/stop\nnever said\n' })
  t.is(status, 0)
  t.is(stdout, 'Goodbye!\n')
  const nlu = await runBot(['shell', 'nlu'], { folder, input: 'bye for now\n' })
  t.is(nlu.status, 0)
  t.is((JSON.parse(nlu.stdout) as { intent: { name: string } }).intent.name, 'goodbye')
})
