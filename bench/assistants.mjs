// Twenty assistants of one server beside one: start-up until all are ready, and memory after each was talked to. The bot is
// moodbot where ../shared holds it, else example-bot; every assistant has its own copy of the model.

import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'node_modules', '.bin', 'bot')
const PORT = 5861
const COUNTS = [1, 20]

/** `{bot, assistants: {COUNT: {secondsToReady, residentMiB}}, mibForEachMore}`; the first start fills the compile cache. */
export async function measure() {
  const moodbot = join(root, '..', 'shared', 'conformance', 'bots', 'moodbot')
  const project = existsSync(moodbot) ? moodbot : join(root, 'example-bot')
  const folder = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  try {
    cpSync(project, folder, {
      recursive: true,
      filter: source => !/[/\\](node_modules|models|\.tabula)$/.test(source),
    })
    const trained = spawnSync(bot, ['train', '--fixed-model-name', 'model0'], {
      cwd: folder,
      stdio: 'ignore',
    })
    if (trained.status !== 0) throw new Error(`bot train ended with status ${trained.status}`)
    writeFileSync(join(folder, 'rest.yml'), 'rest:\n')
    const assistants = {}
    for (const count of [1, ...COUNTS]) assistants[count] = await start(folder, count)
    const [few, many] = COUNTS
    return {
      bot: project === moodbot ? 'moodbot' : 'example-bot',
      assistants,
      mibForEachMore: round((assistants[many].residentMiB - assistants[few].residentMiB) / (many - few)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function start(folder, count) {
  const names = Array.from({ length: count }, (_, index) => `a${index}`)
  const each = names.map(name => {
    const model = `models/copy-${name}.tar.gz`
    cpSync(join(folder, 'models/model0.tar.gz'), join(folder, model))
    return `  ${name}: { model: ${model}, credentials: rest.yml }\n`
  })
  writeFileSync(join(folder, 'assistants.yml'), `assistants:\n${each.join('')}`)
  const started = performance.now()
  const child = spawn(bot, ['run', '--port', String(PORT), '--assistants', 'assistants.yml'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  try {
    const isReady = async () =>
      (await fetch(`http://127.0.0.1:${PORT}/readyz`).catch(() => null))?.status === 200
    while (!(await isReady())) {
      if (performance.now() - started > 120_000 || child.exitCode !== null)
        throw new Error('the server did not get ready')
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    const secondsToReady = round((performance.now() - started) / 1000)
    for (const name of names)
      for (const message of ['hello', 'I am sad', 'yes', 'bye'])
        await fetch(`http://127.0.0.1:${PORT}/assistants/${name}/webhooks/rest/webhook`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ sender: 'ann', message }),
        })
    return { secondsToReady, residentMiB: round(residentOf(child.pid)) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** VmRSS of a process and its children in MiB (Linux). */
function residentOf(pid) {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/)
  return children.filter(Boolean).reduce((sum, child) => sum + residentOf(child), own)
}

function round(value) {
  return Math.round(value * 100) / 100
}
