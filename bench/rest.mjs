// REST messages a second on moodbot (example-bot without ../shared), 10 and 50 people, memory store, one worker, beside a
// bare koa echo on the same machine in the same run; and how the cost of a message grows over 2,000 of one conversation.
// The generators are ../shared/bench's; without them there is nothing to measure with.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'node_modules', '.bin', 'bot')
const shared = join(root, '..', 'shared')
const port = Number(process.env.PORT ?? 5891)
const seconds = process.env.SECONDS ?? '10'

/**
 * `{asItStands, rulesAlone}`, each with messages a second, latency in ms and the ratio to the echo (medians of three
 * rounds), and the growth: moodbot with its own config, whose networks predict too, and without understanding and
 * networks, which leaves doors, order, state and rules.
 */
export async function measure() {
  if (!existsSync(join(shared, 'bench', 'load.mjs')))
    throw new Error('../shared/bench is missing: it holds the load generator')
  return {
    bot: 'moodbot',
    seconds: Number(seconds),
    asItStands: await measureBot(null, []),
    rulesAlone: await measureBot(join(shared, 'conformance', 'exact.config.yml'), ['--exact']),
    loadAverage: loadavg().map(round3),
  }
}

async function measureBot(config, said) {
  const copy = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  const running = []
  try {
    cpSync(join(shared, 'conformance', 'bots', 'moodbot'), copy, { recursive: true })
    writeFileSync(join(copy, 'credentials.yml'), 'rest:\n')
    rmSync(join(copy, 'endpoints.yml'), { force: true })
    if (config !== null) cpSync(config, join(copy, 'config.yml'))
    await run(bot, ['train', '--fixed-model-name', 'model'], copy)
    const tabula = `http://127.0.0.1:${port}`
    const echo = `http://127.0.0.1:${port + 1}`
    running.push(serve(bot, ['run', '--enable-api', '--quiet', '--port', String(port)], copy))
    running.push(
      serve(process.execPath, [join(root, 'bench', 'reference', 'koa-echo.mjs'), String(port + 1)], copy),
    )
    for (const url of [tabula, echo]) await untilItAnswers(url)
    const people = {}
    for (const count of [10, 50]) {
      const rounds = []
      for (let round = 0; round < 4; round += 1) {
        const ours = await load(tabula, count, said)
        const theirs = await load(echo, count, said)
        // The first round warms both up.
        if (round > 0) rounds.push({ tabula: ours, echo: theirs, ratio: ours.perSecond / theirs.perSecond })
      }
      const [, median] = rounds.toSorted((a, b) => a.ratio - b.ratio)
      people[count] = { ...median, ratio: round3(median.ratio) }
    }
    const { first, last, growth } = await generate('growth.mjs', ['--url', tabula, '--messages', '2000'])
    return { people, growth: { first, last, growth } }
  } finally {
    for (const stop of running) await stop()
    rmSync(copy, { recursive: true, force: true })
  }
}

async function load(url, people, said) {
  const { perSecond, p50, p95, p99, failed, refused, empty } = await generate('load.mjs', [
    ...['--url', url, '--people', String(people), '--seconds', seconds, ...said],
  ])
  return { perSecond, p50, p95, p99, failed, refused, empty }
}

async function generate(program, args) {
  return JSON.parse(await run(process.execPath, [join(shared, 'bench', program), ...args], root))
}

function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', chunk => (text += chunk))
  return new Promise((resolve, reject) => {
    child.once('close', status => {
      if (status === 0) resolve(text)
      else reject(new Error(`${command} ${args.join(' ')} ended with status ${status}`))
    })
  })
}

/** Gives what stops it. */
function serve(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('close', resolve))
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

async function untilItAnswers(url) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const answer = await fetch(`${url}/webhooks/rest/webhook`, {
      method: 'POST',
      body: '{"message":"hello"}',
    }).catch(() => null)
    if (answer?.status === 200) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`no answer from ${url}`)
}

function round3(value) {
  return Math.round(value * 1000) / 1000
}
