// Seconds of each command on the six bots of ../shared (on example-bot where they are not there), and of reading large files:
// 5 MB of stories and 5 MB of NLU data that are made here. The reference beside them is `node -e 0`: the start of Node alone.

import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'packages', 'trainer-cli', 'bin', 'bot.mjs')

const COMMANDS = [
  ['data', 'validate'],
  ['train'],
  ['test', 'nlu', '--cross-validation'],
  ['test', 'core'],
  ['visualize'],
]

/** `{bots, totalSeconds, training, reading, nodeStart}`: seconds, MiB, exit statuses. */
export async function measure() {
  const shared = join(root, '..', 'shared', 'conformance', 'bots')
  const projects = existsSync(shared)
    ? readdirSync(shared).map(name => join(shared, name))
    : [join(root, 'example-bot')]
  const bots = {}
  let totalSeconds = 0
  for (const project of projects) {
    const folder = copyOf(project)
    const name = project.split('/').at(-1)
    bots[name] = {}
    for (const command of COMMANDS) {
      const { seconds, status, last } = run(command, folder)
      totalSeconds += seconds
      bots[name][command.join(' ')] = { seconds, status, ...(status === 0 ? {} : { reason: last }) }
    }
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    nodeStart: timed(() => spawnSync(process.execPath, ['-e', '0'])).seconds,
    totalSeconds: round(totalSeconds),
    training: training(projects.find(project => project.endsWith('financial-demo')) ?? projects[0]),
    reading: { stories5MB: reading('stories'), nlu5MB: reading('nlu') },
    bots,
  }
}

/** A first training, one with nothing changed, and one with another wording of a response. */
function training(project) {
  const folder = copyOf(project)
  const first = run(['train'], folder)
  const unchanged = run(['train'], folder)
  const domain = readFileSync(join(folder, 'domain.yml'), 'utf8')
  writeFileSync(join(folder, 'domain.yml'), domain.replace(/(\n\s*- text: )/, '$1Well, '))
  const oneResponse = run(['train'], folder)
  rmSync(folder, { recursive: true, force: true })
  return { first: first.seconds, unchanged: unchanged.seconds, oneResponse: oneResponse.seconds }
}

/** A file of 5 MB, read by the reader of projects in a process of its own. */
function reading(kind) {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-reading-'))
  mkdirSync(join(folder, 'data'))
  const file = join(folder, 'data', `${kind}.yml`)
  writeFileSync(file, `version: "3.1"\n${kind}:\n`)
  for (let size = 0, number = 0; size < 5_000_000; number += 500) {
    const text = Array.from({ length: 500 }, (_, index) => itemOf(kind, number + index)).join('')
    appendFileSync(file, text)
    size += text.length
  }
  const script = `
    import { readDataFiles } from ${JSON.stringify(join(root, 'packages', 'model', 'src', 'index.ts'))}
    const started = performance.now()
    const { nlu, stories } = await readDataFiles({ root: ${JSON.stringify(folder)}, data: ['data'] })
    console.log(JSON.stringify({
      seconds: (performance.now() - started) / 1000,
      peakMiB: process.resourceUsage().maxRSS / 1024,
      items: nlu.examples.length + stories.length,
    }))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  const { seconds, peakMiB, items } = JSON.parse(stdout)
  return { seconds: round(seconds), peakMiB: Math.round(peakMiB), items }
}

function itemOf(kind, number) {
  if (kind === 'stories')
    return `- story: story ${number}
  steps:
  - intent: intent_${number % 50}
    entities:
    - city: Rome
  - action: utter_answer_${number % 70}
  - slot_was_set:
    - city: Rome
  - intent: intent_${(number * 7) % 50}
  - action: action_look_${number % 30}
`
  return `- intent: intent_${number}
  examples: |
    - where can I find number ${number} in [Rome](city)
    - take me to [the big apple]{"entity": "city", "value": "New York"} on day ${number}
    - I would like to know more about ${number} please
`
}

function copyOf(project) {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-commands-'))
  cpSync(project, folder, {
    recursive: true,
    filter: source => !/[/\\](node_modules|models|\.tabula)$/.test(source),
  })
  return folder
}

function run(args, folder) {
  const { seconds, result } = timed(() =>
    spawnSync(process.execPath, [bot, ...args], { cwd: folder, encoding: 'utf8', timeout: 900_000 }),
  )
  return { seconds, status: result.status, last: `${result.stderr}`.trim().split('\n').at(-1) }
}

function timed(work) {
  const started = performance.now()
  const result = work()
  return { seconds: round((performance.now() - started) / 1000), result }
}

function round(seconds) {
  return Math.round(seconds * 1000) / 1000
}
