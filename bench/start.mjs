// Warm start to the first answer, peak memory, and training seconds, beside a bare koa echo started in the same run.
// The bot is moodbot where ../shared holds it, else example-bot. Each figure is the median of the runs.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'node_modules', '.bin', 'bot')
const runs = 5

/** `{bot, training, tabula, koaEcho}`: seconds and MiB, medians with their spread. */
export async function measure() {
  const moodbot = join(root, '..', 'shared', 'conformance', 'bots', 'moodbot')
  const project = existsSync(moodbot) ? moodbot : join(root, 'example-bot')
  const copy = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  try {
    cpSync(project, copy, {
      recursive: true,
      filter: source => !/[/\\](node_modules|models|\.tabula)$/.test(source),
    })
    writeFileSync(join(copy, 'credentials.yml'), 'rest:\n')
    rmSync(join(copy, 'endpoints.yml'), { force: true })
    const training = []
    for (let run = 0; run < 3; run += 1) training.push(await train(copy))
    const tabula = []
    const koaEcho = []
    for (let run = 0; run <= runs; run += 1) {
      const ours = await start(
        bot,
        ['run', '--port', String(5871 + run), '--model', 'models/model.tar.gz'],
        copy,
        5871 + run,
      )
      const echo = await start(
        process.execPath,
        [join(root, 'bench', 'reference', 'koa-echo.mjs'), String(5881 + run)],
        copy,
        5881 + run,
      )
      if (run === 0) continue // fills the compile cache
      tabula.push(ours)
      koaEcho.push(echo)
    }
    return {
      bot: project === moodbot ? 'moodbot' : 'example-bot',
      training: {
        seconds: spread(training.map(each => each.seconds)),
        peakMiB: spread(training.map(each => each.peakMiB)),
      },
      tabula: summary(tabula),
      koaEcho: summary(koaEcho),
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function train(folder) {
  const started = performance.now()
  const child = spawn(bot, ['train', '--force', '--fixed-model-name', 'model'], {
    cwd: folder,
    stdio: 'ignore',
  })
  let peakMiB = 0
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, peakOf(child.pid))), 20)
  const status = await new Promise(resolve => child.once('close', resolve))
  clearInterval(watch)
  if (status !== 0) throw new Error(`bot train ended with status ${status}`)
  return { seconds: (performance.now() - started) / 1000, peakMiB }
}

/** Starts a server and asks it until it answers; peak memory is read 1 s and 100 messages later. */
async function start(command, args, folder, port) {
  const started = performance.now()
  const child = spawn(command, args, { cwd: folder, stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('close', resolve))
  try {
    const url = `http://127.0.0.1:${port}/webhooks/rest/webhook`
    let seconds = null
    while (seconds === null) {
      if (performance.now() - started > 30_000 || child.exitCode !== null)
        throw new Error(`${command} gave no answer`)
      const answer = await say(url, 'first', 'hello').catch(() => null)
      if (answer?.length > 0) seconds = (performance.now() - started) / 1000
      else await new Promise(resolve => setTimeout(resolve, 5))
    }
    for (let message = 0; message < 100; message += 1) await say(url, `person-${message % 10}`, 'hello')
    return { seconds, peakMiB: peakOf(child.pid) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function say(url, sender, message) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sender, message }),
  })
  return answer.json()
}

/** VmHWM of a process and its children in MiB (Linux): what the kernel saw at most, summed over the tree. */
function peakOf(pid) {
  try {
    const own = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
    return children.reduce((sum, child) => sum + peakOf(child), own)
  } catch {
    return 0
  }
}

function summary(results) {
  return {
    secondsToFirstAnswer: spread(results.map(r => r.seconds)),
    peakMiB: spread(results.map(r => r.peakMiB)),
  }
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = index => Math.round(sorted[index] * 1000) / 1000
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) }
}
