// bot interactive, as a person sits before it.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { hasTerminal, openTerminal, quickBot, runBot, type Terminal, tinyBot } from './bot.ts'

const onTerminal = hasTerminal ? test : test.skip

const ENTER = '\r'
const CTRL_C = '\u0003'

async function openSession(t: Parameters<typeof tinyBot>[0]): Promise<{ folder: string; person: Terminal }> {
  const folder = await tinyBot(t, {
    'domain.yml': `version: "3.1"
# What people say.
intents: [greet, goodbye]
entities:
- city   # a place
slots:
  city:
    type: text
    mappings:
    - type: from_entity
      entity: city
responses:
  utter_greet:
  - text: Hello!
  utter_goodbye:
  - text: Goodbye!
    # Said last.
`,
    'data/stories.yml': null,
  })
  return { folder, person: openTerminal(['interactive', '-p', '0'], { folder }) }
}

onTerminal(
  'what a person corrects is in the stories, the NLU data and the domain, and nothing else of them has changed',
  async t => {
    const { folder, person } = await openSession(t)
    await person.next(/Your input ->/, `take me to Rome${ENTER}`)
    await person.next(/found no intent/, '')
    await person.next(/What intent is it\?/, `travel${ENTER}`)
    await person.next(/Make it new\?/, ENTER)
    // The words stand there already; the entity is put in place of them.
    await person.next(/mark the entities.*Rome/s, `\u0015take me to [Rome](city)${ENTER}`)
    await person.next(/action_default_fallback.*correct\?/s, `n${ENTER}`)
    await person.next(/next action of the bot\?/, `utter_travel${ENTER}`)
    await person.next(/Make it new\?/, ENTER)
    await person.next(/type the message for your new bot response/, `Off you go!${ENTER}`)
    await person.next(/action_default_fallback.*correct\?/s, `n${ENTER}`)
    await person.next(/next action of the bot\?/, `action_listen${ENTER}`)
    await person.next(/Your input ->/, `bye for now${ENTER}`)
    await person.next(/classified 'bye for now' with intent 'goodbye'/, ENTER)
    await person.next(/utter_goodbye.*correct\?/s, ENTER)
    await person.next(/Bot: Goodbye!.*action_listen.*correct\?/s, ENTER)
    await person.next(/Your input ->/, CTRL_C)
    await person.next(/Do you want to stop\?/, `Export & Quit${ENTER}`)
    await person.next(/Export stories to/, ENTER)
    await person.next(/Export NLU data to/, ENTER)
    await person.next(/Export domain to/, ENTER)
    await person.next(/Write this\?/, ENTER)
    const { status, shown } = await person.end
    t.is(status, 0, shown)
    const read = (file: string) => readFile(join(folder, file), 'utf8')
    t.snapshot(await read('data/stories.yml'), 'stories.yml')
    t.snapshot(await read('data/nlu.yml'), 'nlu.yml')
    t.snapshot(await read('domain.yml'), 'domain.yml')
    t.is((await quickBot(['train'], { folder })).status, 0)
  },
)

onTerminal(
  'Ctrl-C at every question ends with 130 when it is pressed to the end, and nothing is written',
  async t => {
    const { folder, person } = await openSession(t)
    const before = await readFile(join(folder, 'domain.yml'), 'utf8')
    await person.next(/Your input ->/, `hello there${ENTER}`)
    await person.next(/is this correct\?/, CTRL_C)
    await person.next(/Do you want to stop\?/, `1${ENTER}`)
    // The question that was broken off comes again.
    await person.next(/is this correct\?/, ENTER)
    await person.next(/correct\?/, CTRL_C)
    await person.next(/Do you want to stop\?/, CTRL_C)
    await person.next(/Export stories to/, CTRL_C)
    const { status, shown } = await person.end
    t.is(status, 130, shown)
    t.regex(shown, /Nothing was written/)
    t.is(await readFile(join(folder, 'domain.yml'), 'utf8'), before)
  },
)

onTerminal(
  'undo, fork and start fresh lead back, and a story is written for each way that was gone',
  async t => {
    const { folder, person } = await openSession(t)
    await person.next(/Your input ->/, `hello there${ENTER}`)
    await person.next(/is this correct\?/, ENTER)
    await person.next(/wants to run.*correct\?/, `n${ENTER}`)
    await person.next(/next action/, `utter_greet${ENTER}`)
    await person.next(/Bot: Hello!.*correct\?/s, CTRL_C)
    await person.next(/stop\?/, `Undo Last${ENTER}`)
    await person.next(/wants to run.*correct\?/, `n${ENTER}`)
    await person.next(/next action/, `utter_goodbye${ENTER}`)
    await person.next(/Bot: Goodbye!.*correct\?/s, `n${ENTER}`)
    await person.next(/next action/, `action_listen${ENTER}`)
    await person.next(/Your input ->/, CTRL_C)
    await person.next(/stop\?/, `Set a slot${ENTER}`)
    await person.next(/Which slot\?/, `city${ENTER}`)
    await person.next(/What is city\?/, `Oslo${ENTER}`)
    await person.next(/Your input ->/, CTRL_C)
    await person.next(/stop\?/, `Fork${ENTER}`)
    await person.next(/fork\?/, `hello there${ENTER}`)
    await person.next(/Your input ->/, `farewell${ENTER}`)
    await person.next(/is this correct\?/, ENTER)
    await person.next(/utter_goodbye.*correct\?/s, ENTER)
    await person.next(/action_listen.*correct\?/s, ENTER)
    await person.next(/Your input ->/, CTRL_C)
    await person.next(/stop\?/, `Export & Quit${ENTER}`)
    for (const question of [/stories to/, /NLU data to/, /domain to/, /Write this\?/])
      await person.next(question, ENTER)
    const { status, shown } = await person.end
    t.is(status, 0, shown)
    t.snapshot(await readFile(join(folder, 'data/stories.yml'), 'utf8'))
  },
)

test('without stories, or with a model that knows no dialogue, it says what is missing', async t => {
  const folder = await tinyBot(t, { 'data/stories.yml': null, 'data/rules.yml': null })
  const none = await quickBot(['interactive'], { folder })
  t.is(none.status, 1)
  t.regex(none.stderr, /no stories and no rules/)
  t.is((await quickBot(['train', 'nlu'], { folder })).status, 0)
  const nlu = await quickBot(['interactive', '-m', 'models'], { folder })
  t.is(nlu.status, 1)
  t.regex(nlu.stderr, /trained without dialogue/)
})

const FORM_BOT = {
  'domain.yml': `version: "3.1"
intents: [book, greet, tell]
entities: [city]
slots:
  city: {type: text, mappings: [{type: from_entity, entity: city}]}
forms:
  trip_form: {required_slots: [city]}
responses:
  utter_ask_city: [{text: Where to?}]
  utter_greet: [{text: Hello!}]
  utter_done: [{text: Done.}]
`,
  'data/rules.yml': `version: "3.1"
rules:
- rule: begin
  steps:
  - intent: book
  - action: trip_form
  - active_loop: trip_form
- rule: end
  condition:
  - active_loop: trip_form
  steps:
  - action: trip_form
  - active_loop: null
  - action: utter_done
`,
  'data/nlu.yml': `version: "3.1"
nlu:
- intent: book
  examples: |
    - book a trip
- intent: greet
  examples: |
    - hello there
- intent: tell
  examples: |
    - off to [Rome](city)
`,
  'data/stories.yml': null,
}

test('a form that is left for another action refuses, and what was said within it is learned too', async t => {
  const folder = await tinyBot(t, FORM_BOT)
  const answers = [
    ...['book a trip', 'y', 'y', 'y'],
    ...['well hello there', 'y', 'n', 'utter_greet', 'n', 'action_listen'],
    // The form asks whether it is to read what comes now.
    ...['we are off to Oslo', 'tell', 'we are off to [Oslo](city)', 'n', 'trip_form', 'y', 'y', 'y'],
    ...['/stop', '6', '', '', '', 'y'],
  ]
  const { status, stdout, stderr } = await runBot(['interactive', '-p', '0', '--skip-visualization'], {
    folder,
    input: `${answers.join('\n')}\n`,
  })
  t.is(status, 0, stderr)
  t.regex(stdout, /Written: data\/stories\.yml, data\/nlu\.yml/)
  t.snapshot(await readFile(join(folder, 'data/stories.yml'), 'utf8'))
  t.snapshot(await readFile(join(folder, 'data/nlu.yml'), 'utf8'))
})

onTerminal('the page of the stories shows what is said, as soon as it is', async t => {
  const { person } = await openSession(t)
  await person.next(/Visualisation at http:\S+/, '')
  await person.next(/Your input ->/, `hello there${ENTER}`)
  await person.next(/is this correct\?/, CTRL_C)
  await person.next(/stop\?/, `Continue${ENTER}`)
  await person.next(/is this correct\?/, ENTER)
  await person.next(/wants to run.*correct\?/, `n${ENTER}`)
  await person.next(/next action/, `utter_greet${ENTER}`)
  await person.next(/Bot: Hello!.*correct\?/s, '')
  const [url = ''] = /http:\S+visualization\.html/.exec(person.shown()) ?? []
  const page = await (await fetch(url)).text()
  t.regex(page, /this session, 1/)
  person.press(CTRL_C)
  await person.next(/stop\?/, `Quit and keep nothing${ENTER}`)
  t.is((await person.end).status, 0)
})
