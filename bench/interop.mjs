// Both ways across the action protocol, with real Rasa 3.6.21 (../shared/conformance/reference.sh): Rasa calls our actions in
// TypeScript for formbot and financial-demo, and our server calls a rasa-sdk action server in Python. What is counted is how
// much comes out as with Rasa and Python on both sides. It takes some minutes; ports 6700 to 6703.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startActionServer } from '../packages/action-sdk/src/index.ts'
import { holdReply } from '../packages/conformance/src/action-reply.ts'
import { compare } from '../packages/conformance/src/compare.ts'
import { playBot } from '../packages/conformance/src/hold-bot.ts'
import { play } from '../packages/conformance/src/play.ts'
import { readCases, readRecording, readTape } from '../packages/conformance/src/recording.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const shared = join(root, '..', 'shared', 'conformance')
const reference = join(shared, 'reference.sh')
const RASA_PORT = 6700
const ACTIONS_PORT = 6701

/** `{rasaCallsTypeScript, tabulaCallsPython}`: equal and total by kind, and the first differences. */
export async function measure() {
  if (!existsSync(reference)) throw new Error(`${reference} is not there; it installs and runs real Rasa.`)
  return {
    rasaCallsTypeScript: {
      formbot: await rasaCallsTypeScript('formbot'),
      'financial-demo': await rasaCallsTypeScript('financial-demo'),
    },
    tabulaCallsPython: await tabulaCallsPython(),
  }
}

/** The bot in real Rasa, its actions in our server; each reply is held against the tape, each conversation against the recording. */
async function rasaCallsTypeScript(bot) {
  const golden = join(shared, 'golden', `${bot}.golden.json`)
  const isPlain = readFileSync(join(shared, 'plain.txt'), 'utf8').split('\n').includes(bot)
  const config = join(shared, isPlain ? 'exact-plain.config.yml' : 'exact.config.yml')
  const ours = await startActionServer({
    folder: join(root, 'packages', 'conformance', 'src', 'actions', bot),
    port: 0,
    host: '127.0.0.1',
  })
  const tape = await listenBetween(`${ours.url}/webhook`, readTape(golden.replace('.golden.', '.tape.')))
  try {
    const candidate = await withRasa(join(shared, 'bots', bot), config, tape.url, url =>
      play(url, readCases(golden.replace('.golden.', '.cases.'))),
    )
    const compared = compare(undrawn(readRecording(golden)), undrawn(candidate), [])
    return { replies: tape.result(), ...figures(compared) }
  } finally {
    await tape.close()
    await ours.stop()
  }
}

/** The bot of interop-bot with its actions in Python: once in real Rasa, once in our server. */
export async function tabulaCallsPython() {
  const project = join(here, 'reference', 'interop-bot')
  const cases = readCases(join(project, 'cases.json'))
  const config = join(project, 'config.yml')
  const python = spawn('bash', [reference, 'actions', project, String(ACTIONS_PORT)], {
    stdio: 'ignore',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  const actions = `http://127.0.0.1:${ACTIONS_PORT}`
  try {
    await answering(`${actions}/health`)
    const rasa = await withRasa(project, config, `${actions}/webhook`, url => play(url, cases))
    const tabula = await playBot({ project, config }, cases, `${actions}/webhook`)
    const packed = await withVariable('COMPRESS_ACTION_SERVER_REQUEST', 'true', () =>
      playBot({ project, config }, cases, `${actions}/webhook`),
    )
    return { plain: figures(compare(rasa, tabula, [])), compressed: figures(compare(rasa, packed, [])) }
  } finally {
    await ended(python)
  }
}

/** What `work` gives while real Rasa serves the project with its actions at that address. */
async function withRasa(project, config, actionsUrl, work) {
  const copy = mkdtempSync(join(tmpdir(), 'tabula-interop-'))
  let rasa = null
  try {
    cpSync(project, copy, { recursive: true })
    cpSync(config, join(copy, 'config.yml'))
    for (const name of ['models', 'tests', 'actions', 'actions.py'])
      rmSync(join(copy, name), { recursive: true, force: true })
    writeFileSync(join(copy, 'endpoints.yml'), `action_endpoint:\n  url: ${actionsUrl}\n`)
    writeFileSync(join(copy, 'credentials.yml'), 'rest:\n')
    await done(spawn('bash', [reference, 'train', copy], { stdio: ['ignore', 'ignore', 'inherit'] }))
    rasa = spawn('bash', [reference, 'serve', copy, String(RASA_PORT)], { stdio: 'ignore' })
    const url = `http://127.0.0.1:${RASA_PORT}`
    await answering(`${url}/status`)
    return await work(url)
  } finally {
    if (rasa !== null) await ended(rasa)
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Stands before an action server and counts how many of its replies are those of the tape. */
async function listenBetween(to, calls) {
  const queues = new Map()
  for (const call of calls) queues.set(call.sender, [...(queues.get(call.sender) ?? []), call])
  const counts = { equal: 0, total: calls.length, others: 0 }
  const differences = []
  const server = createServer((request, response) => {
    void (async () => {
      const parts = []
      for await (const part of request) parts.push(part)
      const body = Buffer.concat(parts)
      const answer = await fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const text = await answer.text()
      const asked = JSON.parse(body.toString())
      const call = queues.get(asked.sender_id)?.shift()
      const difference =
        call?.action === asked.next_action
          ? holdReply(call, answer.status, JSON.parse(text))
          : `${asked.sender_id}: asked ${asked.next_action}, the tape has ${call?.action ?? 'nothing'}`
      if (call === undefined) counts.others += 1
      else if (difference === null) counts.equal += 1
      if (difference !== null) differences.push(difference)
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    })()
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/webhook`,
    result: () => ({ ...counts, share: share(counts), differences: differences.slice(0, 5) }),
    close: () => new Promise(resolve => server.close(resolve)),
  }
}

/** A recording without what financial-demo draws at random: amounts with cents, and lists of recipients. */
function undrawn(recording) {
  const text = JSON.stringify(recording)
    .replaceAll(/\d+\.\d\d(?!\d)/g, '0.00')
    .replaceAll(/(?:\\n- [A-Z][a-z]+ [A-Z][a-z]+)+/g, '\\n- recipients')
  return JSON.parse(text)
}

function figures({ score, differences }) {
  return {
    ...Object.fromEntries([...score].map(([kind, counts]) => [kind, { ...counts, share: share(counts) }])),
    differences: differences.slice(0, 5),
  }
}

function share({ equal, total }) {
  return Math.round((equal / total) * 10_000) / 100
}

async function withVariable(name, value, work) {
  process.env[name] = value
  try {
    return await work()
  } finally {
    delete process.env[name]
  }
}

async function answering(url) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const isThere = await fetch(url).then(
      answer => answer.ok,
      () => false,
    )
    if (isThere) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error(`${url} does not answer.`)
}

async function done(child) {
  const status = await new Promise(resolve => child.once('close', resolve))
  if (status !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with status ${status}`)
}

function ended(child) {
  if (child.exitCode !== null) return Promise.resolve()
  const closed = new Promise(resolve => child.once('close', resolve))
  child.kill('SIGTERM')
  return closed
}
