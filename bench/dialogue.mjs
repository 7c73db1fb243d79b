// Turns a second on one core for financial-demo (recorded actions answer at once), and what a turn costs after 10, 1,000
// and 20,000 earlier events. The reference in the same run is the plain work that no turn can save: its JSON, both ways.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = name => import(pathToFileURL(join(root, 'packages', name, 'src', 'index.ts')).href)

/** Earlier events of the long conversations. */
const LENGTHS = [10, 1000, 20_000]
const ROUNDS = 12

/** `{bot, turns, turnAfter}`: turns a second, microseconds a turn by the number of earlier events, and how flat they are. */
export async function measure() {
  const shared = join(root, '..', 'shared', 'conformance')
  const isShared = existsSync(join(shared, 'golden', 'financial-demo.golden.json'))
  const [name, project, config, golden] = isShared
    ? [
        'financial-demo',
        join(shared, 'bots', 'financial-demo'),
        join(shared, 'exact-plain.config.yml'),
        join(shared, 'golden', 'financial-demo.golden.json'),
      ]
    : [
        'forms',
        ...['', 'config.yml', 'bot.golden.json'].map(file =>
          join(root, 'packages/conformance/bots/forms', file),
        ),
      ]
  const bench = await prepare(project, config)
  const cases = JSON.parse(readFileSync(golden.replace('.golden.', '.cases.'), 'utf8'))
  const tapeFile = golden.replace('.golden.', '.tape.')
  const tape = existsSync(tapeFile) ? JSON.parse(readFileSync(tapeFile, 'utf8')).calls : []
  bench.play(cases, tape)
  const rounds = Array.from({ length: 5 }, () => bench.play(cases, tape))
  return {
    bot: name,
    turns: {
      perSecond: spread(rounds.map(({ turns, seconds }) => turns / seconds)),
      jsonAlonePerSecond: spread(rounds.map(({ turns, jsonSeconds }) => turns / jsonSeconds)),
      conversations: cases.conversations.length,
    },
    turnAfter: bench.turnsAfter(cases),
  }
}

async function prepare(project, config) {
  const { readProject, trainModel, loadModel } = await source('model')
  const dialogue = await source('dialogue')
  const { parseIntentMessage } = await source('nlu')
  const folder = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  const trained = await trainModel(await readProject({ root: project, config }), {
    out: folder,
    cache: join(folder, 'c'),
  })
  const { domain, ensemble } = await loadModel(trained.file)
  rmSync(folder, { recursive: true, force: true })
  const known = { intents: new Set(domain.intents.keys()), entities: new Set(domain.entities.keys()) }
  let clock = 1_700_000_000
  const context = {
    ...{ domain, policies: ensemble, now: () => (clock += 0.001), random: () => 0, newId: () => 'id' },
    ...{ modelId: 'm', assistantId: 'a', maxActions: 10, remoteNlg: false, outputChannel: 'collector' },
  }
  const parse = text =>
    parseIntentMessage(text, known) ?? { text, intent: { name: null, confidence: 0 }, entities: [] }
  const turn = (tracker, text, answer) => {
    const message = { text, senderId: tracker.senderId, inputChannel: 'rest' }
    const running = dialogue.handleMessage(context, tracker, message, parse(text))
    let step = running.next()
    while (!step.done)
      step = running.next(step.value.kind === 'call_action' ? answer(step.value.call) : undefined)
    return step.value
  }
  return {
    play(cases, tape) {
      const calls = Map.groupBy(tape, call => call.sender)
      const all = []
      // Seconds of the processor, not of the clock: others may be at work on the machine.
      const started = process.cpuUsage()
      for (const { id, steps } of cases.conversations) {
        const queue = (calls.get(id) ?? []).slice()
        const answer = call => {
          if (queue[0]?.action !== call.next_action) return { kind: 'failed', message: 'not on the tape' }
          const { status, response } = queue.shift()
          return status === 200
            ? { kind: 'done', reply: { events: [], responses: [], ...response } }
            : { kind: 'rejected', action: call.next_action, message: '' }
        }
        const tracker = new dialogue.Tracker(id, domain)
        for (const { say } of steps.filter(step => step.say !== undefined)) {
          tracker.settle()
          all.push(turn(tracker, say, answer).events)
        }
      }
      const seconds = secondsSince(started)
      const jsonStarted = process.cpuUsage()
      for (const events of all) JSON.parse(JSON.stringify(events))
      return { turns: all.length, seconds, jsonSeconds: secondsSince(jsonStarted) }
    },
    turnsAfter(cases) {
      const texts = cases.conversations.flatMap(({ steps }) =>
        steps.flatMap(({ say }) => (say?.startsWith('/') ? [say] : [])),
      )
      const calm = texts.filter(text => !/^\/(restart|session_start|back)/.test(text)).slice(0, 60)
      let calls = 0
      const nothing = () => {
        calls += 1
        return { kind: 'done', reply: { events: [], responses: [] } }
      }
      const trackers = LENGTHS.map(length => {
        const tracker = new dialogue.Tracker('long', domain)
        for (let at = 0; tracker.events.length < length; at += 1)
          turn(tracker, calm[at % calm.length], nothing)
        return tracker
      })
      const times = LENGTHS.map(() => [])
      // The lengths take turns, so that what else the machine does hits all of them.
      for (let at = 0; at < ROUNDS * calm.length; at += 1)
        trackers.forEach((tracker, index) => {
          calls = 0
          const started = performance.now()
          turn(tracker, calm[at % calm.length], nothing)
          // What a remote call carries grows with the conversation; such turns are another question.
          if (calls === 0 && at >= calm.length) times[index].push((performance.now() - started) * 1000)
        })
      const microseconds = Object.fromEntries(LENGTHS.map((length, index) => [length, spread(times[index])]))
      const medians = LENGTHS.map(length => microseconds[length].median)
      return { microseconds, longestToShortest: Math.round((medians.at(-1) / medians[0]) * 100) / 100 }
    },
  }
}

function secondsSince(started) {
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const round = value => Math.round(value * 10) / 10
  return {
    median: round(sorted[Math.floor(sorted.length / 2)]),
    min: round(sorted[0]),
    max: round(sorted.at(-1)),
  }
}
